# The print queues, the TCP/IP ports that they go to, the files (local ports) that are called like an address, and each
# signed-in user's default printer and connections to the queues of servers (in the user's part of the registry). While
# the spooler is stopped, the queues of the registry.
param(
)
$spooler = Get-Service -Name Spooler -ErrorAction SilentlyContinue
if ($null -eq $spooler) { return @{ installed = $false } }
$running = [int] $spooler.Status -eq 4
$ports = @()
if ($running) {
    $printers = @(Get-Printer | ForEach-Object {
            @{
                name = [string] $_.Name; port = [string] $_.PortName; driver = [string] $_.DriverName
                shared = [bool] $_.Shared; share = [string] $_.ShareName; status = [long] $_.PrinterStatus
                type = [int] $_.Type
            }
        })
    $ports = @(Get-CimInstance -ClassName Win32_TCPIPPrinterPort | ForEach-Object {
            @{
                name = [string] $_.Name; host = [string] $_.HostAddress; port = [int] $_.PortNumber
                protocol = [int] $_.Protocol; queue = [string] $_.Queue
            }
        })
}
else {
    $printers = @(Get-ChildItem -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\Print\Printers' | ForEach-Object {
            @{
                name = [string] $_.PSChildName; port = [string] $_.GetValue('Port', ''); driver = ''
                shared = ([int] $_.GetValue('Attributes', 0) -band 8) -ne 0; share = ''
                status = [long] $_.GetValue('Status', 0); type = 0
            }
        })
}
$known = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Ports' -ErrorAction SilentlyContinue
$local = @($known.PSObject.Properties | Where-Object { $_.Name -like '*://*' } | ForEach-Object { [string] $_.Name } | Sort-Object)
$users = @(Get-ChildItem -LiteralPath 'Registry::HKEY_USERS' -ErrorAction SilentlyContinue |
        Where-Object { $_.PSChildName -match '^S-1-(5-21|12-1)-[0-9-]+$' } | ForEach-Object {
            $hive = $_.PSChildName
            $own = Get-ItemProperty -LiteralPath "Registry::HKEY_USERS\$hive\Software\Microsoft\Windows NT\CurrentVersion\Windows" -ErrorAction SilentlyContinue
            @{
                sid = [string] $hive; device = [string] $own.Device
                connections = @(Get-ChildItem -LiteralPath "Registry::HKEY_USERS\$hive\Printers\Connections" -ErrorAction SilentlyContinue |
                        ForEach-Object { [string] $_.PSChildName })
            }
        })
$console = ''
try {
    $account = [string] (Get-CimInstance -ClassName Win32_ComputerSystem).UserName
    if ($account) {
        $console = [string] (New-Object Security.Principal.NTAccount $account).Translate([Security.Principal.SecurityIdentifier]).Value
    }
}
catch { $console = '' }
@{
    installed = $true
    running = $running
    printers = $printers
    ports = $ports
    local = $local
    users = $users
    console = $console
}
