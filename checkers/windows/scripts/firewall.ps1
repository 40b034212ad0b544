# The firewall as it is in force (active store: local rules and those of policies, merged): profiles, enabled inbound
# rules with their filters, and which profile each card is in. The filters are read once for all rules and joined by
# InstanceID: asking for those of each rule takes minutes.
param(
)
# part: store
# part: cards
# part: held

$of = @{}
# One filter of each kind for each rule; a second one comes from another rule of the same name (of a policy).
function Add-Filter([string] $name, [object[]] $found, [scriptblock] $facts) {
    foreach ($one in $found) {
        $key = [string] $one.InstanceID
        if (-not $of.ContainsKey($key)) { continue }
        if ($of[$key].ContainsKey($name)) { $of[$key].twice = $true }
        else { $of[$key][$name] = & $facts $one }
    }
}

$service = Get-Service -Name MpsSvc
$start = [int] (Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\MpsSvc').Start
$running = [int] $service.Status -eq 4
$profiles = @()
$rules = @()
if ($running) {
    $profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore | ForEach-Object {
            @{
                name = [string] $_.Name; enabled = [int] $_.Enabled; inbound = [int] $_.DefaultInboundAction
                outbound = [int] $_.DefaultOutboundAction; allow_rules = [int] $_.AllowInboundRules
                local_rules = [int] $_.AllowLocalFirewallRules
                off_on = @($_.DisabledInterfaceAliases | Where-Object { $_ } | ForEach-Object { [string] $_ })
            }
        })
    $found = @(Get-Store { Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound -Enabled True })
    $all = @($found | ForEach-Object {
            $key = [string] $_.InstanceID
            if ($of.ContainsKey($key)) { $of[$key].twice = $true }
            else { $of[$key] = @{ twice = $false } }
            @{
                id = $key; name = [string] $_.DisplayName; action = [int] $_.Action; profile = [int] $_.Profile
                status = [int] $_.PrimaryStatus
                enforcement = @(Get-Held $_ 'EnforcementStatus' | Where-Object { $null -ne $_ } | ForEach-Object { [int] $_ })
                keywords = @($_.RemoteDynamicKeywordAddresses | Where-Object { $_ }).Count
            }
        })
    Add-Filter 'application' @(Get-Store { Get-NetFirewallApplicationFilter -PolicyStore ActiveStore }) {
        param($one)
        @{ program = [string] $one.Program; package = [string] $one.Package }
    }
    # Rules for one program do not let in what no rule names, and Windows has hundreds of them. A rule whose program is
    # not told is kept.
    $free = @('', 'Any', '*')
    $rules = @($all | Where-Object {
            $for = $of[$_.id].application
            $null -eq $for -or ($free -contains $for.program -and $free -contains $for.package)
        })
    Add-Filter 'port' @(Get-Store { Get-NetFirewallPortFilter -PolicyStore ActiveStore }) {
        param($one)
        @{
            protocol = [string] $one.Protocol; local = @($one.LocalPort | ForEach-Object { [string] $_ })
            remote = @($one.RemotePort | ForEach-Object { [string] $_ }); dynamic = [long] (Get-Held $one 'DynamicTransport')
        }
    }
    Add-Filter 'address' @(Get-Store { Get-NetFirewallAddressFilter -PolicyStore ActiveStore }) {
        param($one)
        @{
            local = @($one.LocalAddress | ForEach-Object { [string] $_ })
            remote = @($one.RemoteAddress | ForEach-Object { [string] $_ })
        }
    }
    Add-Filter 'service' @(Get-Store { Get-NetFirewallServiceFilter -PolicyStore ActiveStore }) {
        param($one)
        @{ name = [string] $one.Service }
    }
    Add-Filter 'card' @(Get-Store { Get-NetFirewallInterfaceFilter -PolicyStore ActiveStore }) {
        param($one)
        @{ aliases = @($one.InterfaceAlias | ForEach-Object { [string] $_ }) }
    }
    Add-Filter 'kind' @(Get-Store { Get-NetFirewallInterfaceTypeFilter -PolicyStore ActiveStore }) {
        param($one)
        @{ type = [long] (Get-Held $one 'InterfaceType') }
    }
    Add-Filter 'security' @(Get-Store { Get-NetFirewallSecurityFilter -PolicyStore ActiveStore }) {
        param($one)
        @{
            authentication = [int] (Get-Held $one 'Authentication'); encryption = [int] (Get-Held $one 'Encryption')
            local_user = [string] $one.LocalUser; remote_user = [string] $one.RemoteUser
            remote_machine = [string] $one.RemoteMachine
        }
    }
    foreach ($rule in $rules) { $rule.filters = $of[$rule.id] }
}
$others = @()
try { $others = @(Get-CimInstance -Namespace root/SecurityCenter2 -ClassName FirewallProduct | ForEach-Object { [string] $_.displayName }) }
catch {
    # No Security Center on a server: its namespace is not there.
    if ([string] $_.FullyQualifiedErrorId -notlike 'HRESULT 0x8004100e*') { throw }
}
@{
    running = $running
    start = $start
    profiles = $profiles
    rules = $rules
    others = $others
    adapters = @(Get-Card)
    connections = @(Get-Store { Get-NetConnectionProfile } | ForEach-Object {
            @{ index = [int] $_.InterfaceIndex; category = [int] $_.NetworkCategory }
        })
    addresses = @(Get-Store { Get-NetIPAddress -AddressFamily IPv4 } | ForEach-Object {
            @{ index = [int] $_.InterfaceIndex; address = [string] $_.IPAddress; prefix = [int] $_.PrefixLength }
        })
}
