# The VPN server of Windows: how it is set up (MS-RRASM 2.2.3.4: RouterType, ServerFlags), its service, the ports for each
# kind of tunnel, where callers' addresses come from and who checks them, whose dial-in setting says yes or no, and who is
# connected. What the module cannot tell (it is part of the role) is null. No shared secret is asked for.
param(
)
$key = 'HKLM:\SYSTEM\CurrentControlSet\Services\RemoteAccess'

function Get-Number($path, [string] $name) {
    $found = Get-ItemProperty -LiteralPath $path -ErrorAction SilentlyContinue
    if ($null -ne $found -and $null -ne $found.PSObject.Properties[$name]) { return [long] $found.$name }
    0
}

# Why something is null stands beside it.
$troubles = New-Object Collections.ArrayList
function Get-OrNull([scriptblock] $query) {
    try { & $query }
    catch {
        [void] $troubles.Add([string] $_.FullyQualifiedErrorId)
        $null
    }
}

$service = @(Get-Service -Name RemoteAccess -ErrorAction SilentlyContinue)
$running = $service.Count -gt 0 -and [int] $service[0].Status -eq 4
$role = [bool] (Get-Command -Name Get-RemoteAccess -ErrorAction SilentlyContinue)
$setup = $null
$ports = $null
$callers = $null
$dialin = $null
if ($role) {
    $setup = Get-OrNull {
        $found = (Get-RemoteAccess).VpnConfiguration
        $policy = $found.IPAddressAssignmentPolicy
        @{
            assignment = [string] $policy.IPAssignmentMethod
            ranges = @($policy.IPAddressRange | Where-Object { $_ } | ForEach-Object {
                    @{ first = [string] $_.StartIPAddress; last = [string] $_.EndIPAddress }
                })
            checked_by = [string] $found.AuthenticationPolicy.Type
        }
    }
    $ports = Get-OrNull {
        $found = Get-VpnServerConfiguration
        @{
            ikev2 = [int] $found.Ikev2Ports; sstp = [int] $found.SstpPorts; l2tp = [int] $found.L2tpPorts
            gre = [int] $found.GrePorts; encryption = [string] $found.EncryptionType
        }
    }
    if ($running) {
        $callers = Get-OrNull {
            $found = @(Get-RemoteAccessConnectionStatistics | ForEach-Object {
                    @{
                        users = @($_.UserName | Where-Object { $_ } | ForEach-Object { [string] $_ })
                        tunnel = [string] $_.TunnelType; method = [string] $_.AuthMethod; kind = [string] $_.ConnectionType
                        address = [string] $_.ClientIPv4Address; outside = [string] $_.ClientExternalAddress
                    }
                })
            @{ list = $found }
        }
    }
}
if ([int] (Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole -ge 3) {
    $dialin = Get-OrNull {
        $search = New-Object DirectoryServices.DirectorySearcher '(&(objectCategory=person)(objectClass=user)(msNPAllowDialin=*))'
        $search.PageSize = 500
        [void] $search.PropertiesToLoad.AddRange([string[]] @('sAMAccountName', 'msNPAllowDialin'))
        $found = @($search.FindAll() | Select-Object -First 2000 | ForEach-Object {
                @{ name = [string] $_.Properties['samaccountname'][0]; allowed = [bool] $_.Properties['msnpallowdialin'][0] }
            })
        @{ list = $found }
    }
}
@{
    running = $running
    start = $(if ($service.Count) { Get-Number $key 'Start' } else { 4 })
    type = Get-Number "$key\Parameters" 'RouterType'
    flags = Get-Number "$key\Parameters" 'ServerFlags'
    setup = $setup
    ports = $ports
    callers = $callers
    dialin = $dialin
    troubles = @($troubles)
}
