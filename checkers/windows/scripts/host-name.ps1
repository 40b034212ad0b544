# The name of the computer: the one it answers to, and the one it will have after a restart. Both from the registry:
# Win32_ComputerSystem knows only the first, and cuts it at fifteen characters.
param(
)
$key = 'HKLM:\SYSTEM\CurrentControlSet'
@{
    running = [string] (Get-ItemProperty -LiteralPath "$key\Control\ComputerName\ActiveComputerName").ComputerName
    pending = [string] (Get-ItemProperty -LiteralPath "$key\Control\ComputerName\ComputerName").ComputerName
    host_name = [string] (Get-ItemProperty -LiteralPath "$key\Services\Tcpip\Parameters").'NV Hostname'
}
