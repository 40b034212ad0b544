# Whether remote desktop is on: the setting and the policy above it, network level authentication, the port, the service
# that answers, and who may come in.
param(
)
$terminal = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'
$policy = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services' -ErrorAction SilentlyContinue
$own = Get-ItemProperty -LiteralPath $terminal
$listener = Get-ItemProperty -LiteralPath "$terminal\WinStations\RDP-Tcp"

function Get-Number($key, [string] $name) {
    if ($null -ne $key -and $null -ne $key.PSObject.Properties[$name]) { return [int] $key.$name }
    -1
}

$port = Get-Number $listener 'PortNumber'
$connections = @(Get-CimInstance -Namespace root/StandardCimv2 -ClassName MSFT_NetTCPConnection -Filter "LocalPort=$port AND State=2")
@{
    denied = Get-Number $own 'fDenyTSConnections'
    policy_denied = Get-Number $policy 'fDenyTSConnections'
    nla = Get-Number $listener 'UserAuthentication'
    policy_nla = Get-Number $policy 'UserAuthentication'
    port = $port
    listening = $connections.Count -gt 0
    service = [int] (Get-Service -Name TermService).Status
    start = [int] (Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\TermService').Start
}
