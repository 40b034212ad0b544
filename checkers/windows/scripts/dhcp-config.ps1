# What the DHCP server of this machine is told: scopes with exclusions, options and reservations, on which cards it
# listens, and whether the directory authorises it. The server itself is asked: it must be running. Options that could
# not be read are null, policies too: trouble says why.
param(
)
$service = Get-Service -Name DHCPServer -ErrorAction SilentlyContinue
if ($null -eq $service) { return @{ present = $false } }
if ([int] $service.Status -ne 4) { return @{ present = $true; status = [int] $service.Status } }
$trouble = New-Object Collections.ArrayList
# Of how many reservations the options are asked: each question takes its time.
$asked = @{ left = 100 }

# One part of what is asked, by ask: null when it cannot be had. The server says with an error that there is none of it:
# 20010, no such option (MS-DHCPM 3.1.4), 259, no more items.
function Get-Part([scriptblock] $ask) {
    $found = New-Object Collections.ArrayList
    try { foreach ($one in @(& $ask)) { if ($null -ne $one) { [void] $found.Add($one) } } }
    catch {
        $id = [string] $_.FullyQualifiedErrorId
        if ($id -notmatch '^(DHCP 20010|WIN32 259)(,|$)') {
            [void] $trouble.Add($id)
            return @{ rows = $null }
        }
    }
    @{ rows = @($found) }
}

# Options for whoever names no class. where: the parameters that say of which scope, policy or reservation.
function Get-Option([hashtable] $where) {
    Get-Part {
        foreach ($one in Get-DhcpServerv4OptionValue @where -ErrorAction Stop) {
            if ([string] $one.VendorClass -eq '' -and [string] $one.UserClass -eq '') {
                @{ id = [int] $one.OptionId; values = @($one.Value | ForEach-Object { [string] $_ }) }
            }
        }
    }
}

# The policies that are on. lease_s: 0 where a policy has no lease time of its own.
function Get-Policy([hashtable] $where) {
    Get-Part {
        foreach ($one in Get-DhcpServerv4Policy @where -ErrorAction Stop) {
            if (-not $one.Enabled) { continue }
            $lease = if ($null -eq $one.LeaseDuration) { 0 } else { [long] $one.LeaseDuration.TotalSeconds }
            @{ name = [string] $one.Name; lease_s = $lease; options = (Get-Option (@{ PolicyName = $one.Name } + $where)).rows }
        }
    }
}

$setting = Get-DhcpServerSetting
$filters = Get-DhcpServerv4FilterList
# The server looks into the directory only from time to time: what it thinks may be an hour old.
$listed = $null
if ($setting.IsDomainJoined) {
    try { $listed = @(Get-DhcpServerInDC | ForEach-Object { [string] $_.IPAddress }) } catch { $listed = $null }
}
$scopes = @(foreach ($scope in @(Get-DhcpServerv4Scope)) {
    $here = @{ ScopeId = $scope.ScopeId }
    @{
        subnet = [string] $scope.ScopeId
        mask = [string] $scope.SubnetMask
        first = [string] $scope.StartRange
        last = [string] $scope.EndRange
        state = [string] $scope.State
        lease_s = [long] $scope.LeaseDuration.TotalSeconds
        exclusions = @(Get-DhcpServerv4ExclusionRange @here | ForEach-Object { @{ first = [string] $_.StartRange; last = [string] $_.EndRange } })
        reservations = @(foreach ($one in @(Get-DhcpServerv4Reservation @here)) {
            $asked.left -= 1
            $kept = $null
            if ($asked.left -ge 0) { $kept = (Get-Option @{ ReservedIP = $one.IPAddress }).rows }
            @{ address = [string] $one.IPAddress; client = [string] $one.ClientId; type = [string] $one.Type; options = $kept }
        })
        options = (Get-Option $here).rows
        enforced = [bool] $scope.ActivatePolicies
        policies = (Get-Policy $here).rows
    }
})
@{
    present = $true
    status = [int] $service.Status
    authorised = [bool] $setting.IsAuthorized
    member = [bool] $setting.IsDomainJoined
    listed = $listed
    addresses = @([Net.Dns]::GetHostAddresses('') | ForEach-Object { [string] $_ })
    options = (Get-Option @{}).rows
    enforced = [bool] $setting.ActivatePolicies
    policies = (Get-Policy @{}).rows
    # Scopes that are shared with another server. state: Normal and PartnerDown serve.
    shared = (Get-Part {
        foreach ($one in Get-DhcpServerv4Failover -ErrorAction Stop) {
            @{ state = [string] $one.State; scopes = @($one.ScopeId | ForEach-Object { [string] $_ }) }
        }
    }).rows
    bindings = @(Get-DhcpServerv4Binding | ForEach-Object { @{ address = [string] $_.IPAddress; bound = [bool] $_.BindingState } })
    deny = [bool] $filters.Deny
    allow = [bool] $filters.Allow
    filters = @(Get-DhcpServerv4Filter | ForEach-Object { @{ list = [string] $_.List; mac = [string] $_.MacAddress } })
    scopes = $scopes
    trouble = @($trouble)
}
