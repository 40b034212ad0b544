Add-StandinService 'MpsSvc' $(if ($Answer.running) { 4 } else { 1 })
function Get-NetFirewallProfile {
    param([string] $PolicyStore)
    foreach ($one in $Answer.profiles) {
        [PSCustomObject] @{
            Name = $one.name; Enabled = New-StandinCode $one.enabled; DefaultInboundAction = New-StandinCode $one.inbound
            DefaultOutboundAction = New-StandinCode $one.outbound; AllowLocalFirewallRules = New-StandinCode $one.local_rules
        }
    }
}
# Beside the rules of the answer: one of another port, one for a program on any port, and one for names of Windows' own.
$StandinRules = @($Answer.rules) + @(
    [PSCustomObject] @{ name = 'Autre port'; ports = @('445'); program = 'Any' }
    [PSCustomObject] @{ name = 'Un programme'; ports = @('Any'); program = 'C:\app.exe' }
    [PSCustomObject] @{ name = 'RPC'; ports = @('RPC', 'RPCEPMap'); program = 'Any' }
    [PSCustomObject] @{ name = 'Autre protocole'; ports = @('Any'); program = 'Any'; protocol = 'ICMPv4' })
function Get-StandinWords($words) { if (@($words).Count -eq 1) { [string] @($words)[0] } else { [string[]] $words } }
function Get-NetFirewallRule {
    [CmdletBinding()] param([string] $PolicyStore, [string] $Direction, [string] $Enabled, [switch] $TracePolicyStore)
    foreach ($one in $StandinRules) {
        New-StandinObject @{
            InstanceID = $one.name; DisplayName = $one.name; Action = New-StandinCode $one.action; Profile = New-StandinCode $one.profile
            PrimaryStatus = New-StandinCode $one.status; PolicyStoreSourceType = if ($TracePolicyStore) { New-StandinCode $one.source } else { New-StandinCode 0 }
            EnforcementStatus = if ($one.enforcement) { [uint16[]] $one.enforcement } else { $null }
            RemoteDynamicKeywordAddresses = if ($one.keywords) { [string[]] (1..$one.keywords) } else { $null }
            It = $one
        } 'EnforcementStatus'
    }
}
function Get-NetFirewallPortFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    foreach ($one in $StandinRules) { [PSCustomObject] @{ InstanceID = $one.name; Protocol = if ($one.protocol) { $one.protocol } else { 'TCP' }; LocalPort = Get-StandinWords $one.ports } }
}
function Get-NetFirewallApplicationFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    foreach ($one in $StandinRules) { [PSCustomObject] @{ InstanceID = $one.name; Program = $one.program; Package = if ($one.package) { $one.package } else { $null } } }
}
function Get-NetFirewallAddressFilter { [CmdletBinding()] param($AssociatedNetFirewallRule) [PSCustomObject] @{ LocalAddress = Get-StandinWords $AssociatedNetFirewallRule.It.local; RemoteAddress = Get-StandinWords $AssociatedNetFirewallRule.It.remote } }
function Get-NetFirewallServiceFilter { [CmdletBinding()] param($AssociatedNetFirewallRule) [PSCustomObject] @{ Service = $AssociatedNetFirewallRule.It.service } }
function Get-NetFirewallInterfaceFilter { [CmdletBinding()] param($AssociatedNetFirewallRule) [PSCustomObject] @{ InterfaceAlias = Get-StandinWords $AssociatedNetFirewallRule.It.cards } }
function Get-NetFirewallInterfaceTypeFilter { [CmdletBinding()] param($AssociatedNetFirewallRule) New-StandinObject @{ InterfaceType = [uint32] $AssociatedNetFirewallRule.It.kind } 'InterfaceType' }
function Get-NetFirewallSecurityFilter {
    [CmdletBinding()] param($AssociatedNetFirewallRule)
    $one = $AssociatedNetFirewallRule.It
    New-StandinObject @{
        Authentication = [uint16] $one.authentication; Encryption = [uint16] $one.encryption; LocalUser = 'Any'
        RemoteUser = if ($one.users) { 'D:(A;;CC;;;BA)' } else { 'Any' }; RemoteMachine = 'Any'
    } 'Authentication', 'Encryption'
}
