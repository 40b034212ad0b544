Add-StandinService 'MpsSvc' $(if ($Answer.running) { 4 } else { 1 })
Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Services\MpsSvc' @{ Start = [int] $Answer.start }
. "$Standins/cards-common.ps1"
if ($Answer.others) { Add-StandinCim 'FirewallProduct' @($Answer.others | ForEach-Object { [PSCustomObject] @{ displayName = $_ } }) 'root/SecurityCenter2' }

function Get-NetFirewallProfile {
    param([string] $PolicyStore)
    foreach ($one in $Answer.profiles) {
        [PSCustomObject] @{
            Name = $one.name; Enabled = New-StandinCode $one.enabled; DefaultInboundAction = New-StandinCode $one.inbound
            DefaultOutboundAction = New-StandinCode $one.outbound
            AllowInboundRules = New-StandinCode $one.allow_rules; AllowLocalFirewallRules = New-StandinCode $one.local_rules
            DisabledInterfaceAliases = if ($one.off_on) { [string[]] $one.off_on } else { $null }
        }
    }
}

# Beside the rules that the answer has there is one for a program.
function Get-StandinRule {
    $Answer.rules
    if ($Answer.running) { [PSCustomObject] @{ id = 'Program-In'; name = 'Programme'; action = 2; profile = 7; status = 1; keywords = 0; filters = $null } }
}
function Get-NetFirewallRule {
    [CmdletBinding()] param([string] $PolicyStore, [string] $Direction, [string] $Enabled)
    foreach ($one in Get-StandinRule) {
        New-StandinObject @{
            InstanceID = $one.id; Name = $one.id; DisplayName = $one.name; Action = New-StandinCode $one.action
            Profile = New-StandinCode $one.profile; PrimaryStatus = New-StandinCode $one.status
            EnforcementStatus = if ($one.enforcement) { [uint16[]] $one.enforcement } else { $null }
            RemoteDynamicKeywordAddresses = if ($one.keywords) { [string[]] (1..$one.keywords) } else { $null }
        } 'EnforcementStatus'
    }
}
function Get-StandinFilter([string] $kind) {
    foreach ($one in Get-StandinRule) {
        $filter = $one.filters.$kind
        if ($filter -or ($kind -eq 'application' -and -not $one.filters)) { @{ id = $one.id; it = $filter } }
    }
    @{ id = 'An-Outbound-Rule'; it = $filter }
}
# One word is a text, several are a list.
function Get-StandinWords($words) { if ($words.Count -eq 1) { [string] $words[0] } else { [string[]] $words } }
function Get-NetFirewallApplicationFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    Get-StandinFilter 'application' | ForEach-Object {
        [PSCustomObject] @{ InstanceID = $_.id; Program = if ($_.it) { $_.it.program } else { 'C:\app.exe' }; Package = if ($_.it.package) { $_.it.package } else { $null } }
    }
}
function Get-NetFirewallPortFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    Get-StandinFilter 'port' | ForEach-Object {
        New-StandinObject @{
            InstanceID = $_.id; Protocol = $_.it.protocol; LocalPort = Get-StandinWords $_.it.local
            RemotePort = Get-StandinWords $_.it.remote; DynamicTransport = [uint32] $_.it.dynamic
        }
    }
}
function Get-NetFirewallAddressFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    Get-StandinFilter 'address' | ForEach-Object {
        [PSCustomObject] @{ InstanceID = $_.id; LocalAddress = Get-StandinWords $_.it.local; RemoteAddress = Get-StandinWords $_.it.remote }
    }
}
function Get-NetFirewallServiceFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    Get-StandinFilter 'service' | ForEach-Object { [PSCustomObject] @{ InstanceID = $_.id; Service = $_.it.name } }
}
function Get-NetFirewallInterfaceFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    Get-StandinFilter 'card' | ForEach-Object { [PSCustomObject] @{ InstanceID = $_.id; InterfaceAlias = Get-StandinWords $_.it.aliases } }
}
function Get-NetFirewallInterfaceTypeFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    Get-StandinFilter 'kind' | ForEach-Object { New-StandinObject @{ InstanceID = $_.id; InterfaceType = [uint32] $_.it.type } 'InterfaceType' }
}
function Get-NetFirewallSecurityFilter {
    [CmdletBinding()] param([string] $PolicyStore)
    Get-StandinFilter 'security' | ForEach-Object {
        New-StandinObject @{
            InstanceID = $_.id; Authentication = [uint16] $_.it.authentication; Encryption = [uint16] $_.it.encryption
            LocalUser = $_.it.local_user; RemoteUser = $_.it.remote_user; RemoteMachine = $_.it.remote_machine
        } 'Authentication', 'Encryption'
    }
}
function Get-NetConnectionProfile {
    [CmdletBinding()] param()
    $Answer.connections | ForEach-Object { [PSCustomObject] @{ InterfaceIndex = [uint32] $_.index; NetworkCategory = New-StandinCode $_.category } }
}
function Get-NetIPAddress {
    [CmdletBinding()] param([string] $AddressFamily)
    $Answer.addresses | ForEach-Object { [PSCustomObject] @{ InterfaceIndex = [uint32] $_.index; IPAddress = $_.address; PrefixLength = [byte] $_.prefix } }
}
