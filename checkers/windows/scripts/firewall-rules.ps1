# The enabled inbound rules in force (active store) that mean a port, with their filters, and the profiles. Port and program
# filters are read once for all rules and joined by InstanceID; the others are asked for the few rules that are left.
param(
    [int] $Port,
    [string] $Protocol
)
# part: store
# part: held
$most = 60
$numbers = @{ tcp = '6'; udp = '17' }

# A word is a port, a range, or a name of Windows' own, which is no port.
function Test-Port([string] $word) {
    if ($word -eq 'Any' -or $word -eq '*' -or $word -eq '') { return $true }
    if ($word -notmatch '^(\d{1,5})(-(\d{1,5}))?$') { return $false }
    $first = [int] $Matches[1]
    $last = if ($Matches[3]) { [int] $Matches[3] } else { $first }
    $Port -ge $first -and $Port -le $last
}

function Get-Words($found) { @($found | Where-Object { $_ } | ForEach-Object { [string] $_ }) }

$service = Get-Service -Name MpsSvc
if ([int] $service.Status -ne 4) { return @{ running = $false; profiles = @(); rules = @(); more = $false; twice = $false } }
$profiles = @(Get-NetFirewallProfile -PolicyStore ActiveStore | ForEach-Object {
        @{
            name = [string] $_.Name; enabled = [int] $_.Enabled; inbound = [int] $_.DefaultInboundAction
            outbound = [int] $_.DefaultOutboundAction; local_rules = [int] $_.AllowLocalFirewallRules
        }
    })
$ports = @{}
$count = @{}
foreach ($one in @(Get-Store { Get-NetFirewallPortFilter -PolicyStore ActiveStore })) {
    $count[[string] $one.InstanceID] = 1 + [int] $count[[string] $one.InstanceID]
    $right = @('Any', '*', '', $Protocol, $numbers[$Protocol]) -contains [string] $one.Protocol
    $words = @(Get-Words $one.LocalPort)
    if ($right -and ($words.Count -eq 0 -or @($words | Where-Object { Test-Port $_ }).Count)) { $ports[[string] $one.InstanceID] = $words }
}
$programs = @{}
foreach ($one in @(Get-Store { Get-NetFirewallApplicationFilter -PolicyStore ActiveStore })) {
    $programs[[string] $one.InstanceID] = @{ program = [string] $one.Program; package = [string] $one.Package }
}
$any = @('', 'Any', '*')
$found = @(Get-Store { Get-NetFirewallRule -PolicyStore ActiveStore -Direction Inbound -Enabled True -TracePolicyStore } | Where-Object {
        $key = [string] $_.InstanceID
        if (-not $ports.ContainsKey($key)) { return $false }
        $for = $programs[$key]
        $free = $null -eq $for -or ($any -contains $for.program -and $any -contains $for.package)
        $free -or @($ports[$key] | Where-Object { $any -notcontains $_ }).Count -gt 0
    })
# Two rules of one name, one of them a policy's: which filters are whose cannot be told.
$names = @($found | ForEach-Object { [string] $_.InstanceID })
$twice = @($names | Sort-Object -Unique).Count -lt $names.Count -or @($names | Where-Object { $count[$_] -gt 1 }).Count -gt 0
if ($twice) { $found = @() }
$rules = @($found | Select-Object -First $most | ForEach-Object {
        $rule = $_
        $key = [string] $rule.InstanceID
        $address = Get-NetFirewallAddressFilter -AssociatedNetFirewallRule $rule
        $security = Get-NetFirewallSecurityFilter -AssociatedNetFirewallRule $rule
        @{
            name = [string] $rule.DisplayName; action = [int] $rule.Action; profile = [int] $rule.Profile
            status = [int] $rule.PrimaryStatus; source = [int] $rule.PolicyStoreSourceType
            enforcement = @(Get-Held $rule 'EnforcementStatus' | Where-Object { $null -ne $_ } | ForEach-Object { [int] $_ })
            ports = @($ports[$key]); program = [string] $programs[$key].program; package = [string] $programs[$key].package
            remote = @(Get-Words $address.RemoteAddress); local = @(Get-Words $address.LocalAddress)
            keywords = @($rule.RemoteDynamicKeywordAddresses | Where-Object { $_ }).Count
            service = [string] (Get-NetFirewallServiceFilter -AssociatedNetFirewallRule $rule).Service
            cards = @(Get-Words (Get-NetFirewallInterfaceFilter -AssociatedNetFirewallRule $rule).InterfaceAlias)
            kind = [long] (Get-Held (Get-NetFirewallInterfaceTypeFilter -AssociatedNetFirewallRule $rule) 'InterfaceType')
            authentication = [int] (Get-Held $security 'Authentication'); encryption = [int] (Get-Held $security 'Encryption')
            users = @(@($security.LocalUser, $security.RemoteUser, $security.RemoteMachine) | Where-Object { $any -notcontains [string] $_ }).Count
        }
    })
@{ running = $true; profiles = $profiles; rules = $rules; more = $found.Count -gt $most; twice = $twice }
