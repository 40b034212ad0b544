if ($Answer.present) { Add-StandinService 'DHCPServer' $Answer.status }
[Standin.Dns]::Addresses = @($Answer.addresses | ForEach-Object { [Net.IPAddress] $_ })

function Get-DhcpServerSetting { [PSCustomObject] @{ IsAuthorized = $Answer.authorised; IsDomainJoined = $Answer.member; ActivatePolicies = $Answer.enforced } }
function Get-DhcpServerv4FilterList { [PSCustomObject] @{ Allow = $Answer.allow; Deny = $Answer.deny } }
function Get-DhcpServerInDC {
    if ($null -eq $Answer.listed) { throw 'no directory' }
    $Answer.listed | ForEach-Object { [PSCustomObject] @{ IPAddress = [Net.IPAddress] $_; DnsName = 'srv-kerbras.kerbras.lan' } }
}
function Get-DhcpServerv4Scope {
    $Answer.scopes | ForEach-Object {
        [PSCustomObject] @{
            ScopeId = [Net.IPAddress] $_.subnet; SubnetMask = [Net.IPAddress] $_.mask; StartRange = [Net.IPAddress] $_.first
            EndRange = [Net.IPAddress] $_.last; State = $_.state; ActivatePolicies = $_.enforced
            LeaseDuration = if ($_.lease_s -eq 922337203685) { [TimeSpan]::MaxValue } else { [TimeSpan]::FromSeconds($_.lease_s) }
        }
    }
}
function Get-StandinScope($id) { $Answer.scopes | Where-Object subnet -EQ ([string] $id) }
function Get-DhcpServerv4ExclusionRange {
    param($ScopeId)
    (Get-StandinScope $ScopeId).exclusions | ForEach-Object {
        [PSCustomObject] @{ ScopeId = $ScopeId; StartRange = [Net.IPAddress] $_.first; EndRange = [Net.IPAddress] $_.last }
    }
}
function Get-DhcpServerv4Reservation {
    param($ScopeId)
    (Get-StandinScope $ScopeId).reservations | ForEach-Object {
        [PSCustomObject] @{ ScopeId = $ScopeId; IPAddress = [Net.IPAddress] $_.address; ClientId = $_.client; Type = $_.type }
    }
}
function Get-DhcpServerv4Failover {
    [CmdletBinding()] param()
    $Answer.shared | ForEach-Object { [PSCustomObject] @{ Name = 'avec srv-2'; State = $_.state; ScopeId = [Net.IPAddress[]] $_.scopes } }
}
# Rows that could not be read are refused; that there is none is an error too.
function Select-StandinDhcp($rows, [string] $none, $command) {
    if ($null -eq $rows) { return $command.WriteError((New-StandinError 'WIN32 5' 'PermissionDenied' 'Acces refuse')) }
    if (@($rows).Count -eq 0) { return $command.WriteError((New-StandinError $none 'NotSpecified' 'Aucune valeur')) }
    $rows
}
# Each policy has one that is off beside it.
function Get-DhcpServerv4Policy {
    [CmdletBinding()] param($ScopeId)
    $level = if ($ScopeId) { Get-StandinScope $ScopeId } else { $Answer }
    Select-StandinDhcp $level.policies 'WIN32 259' $PSCmdlet | ForEach-Object {
        $lease = if ($_.lease_s) { [TimeSpan]::FromSeconds($_.lease_s) } else { $null }
        [PSCustomObject] @{ Name = $_.name; Enabled = $true; ScopeId = $ScopeId; LeaseDuration = $lease }
        [PSCustomObject] @{ Name = "$($_.name) (off)"; Enabled = $false; ScopeId = $ScopeId; LeaseDuration = $lease }
    }
}
# For each value there is one for a class of clients.
function Get-DhcpServerv4OptionValue {
    [CmdletBinding()] param($ScopeId, $PolicyName, $ReservedIP)
    $level = if ($ScopeId) { Get-StandinScope $ScopeId } else { $Answer }
    if ($PolicyName) { $level = $level.policies | Where-Object name -EQ $PolicyName }
    if ($ReservedIP) { $level = $Answer.scopes.reservations | Where-Object address -EQ ([string] $ReservedIP) }
    Select-StandinDhcp $level.options 'DHCP 20010' $PSCmdlet | ForEach-Object {
        [PSCustomObject] @{ OptionId = [uint32] $_.id; Value = [string[]] $_.values; VendorClass = ''; UserClass = $null }
        [PSCustomObject] @{ OptionId = [uint32] $_.id; Value = [string[]] 'for some only'; VendorClass = ''; UserClass = 'Default BOOTP Class' }
    }
}
function Get-DhcpServerv4Binding {
    $Answer.bindings | ForEach-Object { [PSCustomObject] @{ IPAddress = [Net.IPAddress] $_.address; BindingState = $_.bound } }
}
function Get-DhcpServerv4Filter {
    $Answer.filters | ForEach-Object { [PSCustomObject] @{ List = $_.list; MacAddress = $_.mac } }
}
