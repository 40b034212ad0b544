# What the DHCP server of this machine is told: scopes with exclusions, options and reservations, on which cards it
# listens, and whether the directory authorises it. The server itself is asked: it must be running.
param(
)
$service = Get-Service -Name DHCPServer -ErrorAction SilentlyContinue
if ($null -eq $service) { return @{ present = $false } }
if ([int] $service.Status -ne 4) { return @{ present = $true; status = [int] $service.Status } }

function ConvertTo-Option($values) {
    @(foreach ($one in @($values)) {
        if ($null -ne $one -and [string] $one.VendorClass -eq '' -and [string] $one.UserClass -eq '') {
            @{ id = [int] $one.OptionId; values = @($one.Value | ForEach-Object { [string] $_ }) }
        }
    })
}

$setting = Get-DhcpServerSetting
$filters = Get-DhcpServerv4FilterList
# The server looks into the directory only from time to time: what it thinks may be an hour old.
$listed = $null
if ($setting.IsDomainJoined) {
    try { $listed = @(Get-DhcpServerInDC | ForEach-Object { [string] $_.IPAddress }) } catch { $listed = $null }
}
$scopes = @(foreach ($scope in @(Get-DhcpServerv4Scope)) {
    $id = $scope.ScopeId
    $policies = @(Get-DhcpServerv4Policy -ScopeId $id -ErrorAction SilentlyContinue | Where-Object Enabled)
    @{
        subnet = [string] $id
        mask = [string] $scope.SubnetMask
        first = [string] $scope.StartRange
        last = [string] $scope.EndRange
        state = [string] $scope.State
        lease_s = [long] $scope.LeaseDuration.TotalSeconds
        exclusions = @(Get-DhcpServerv4ExclusionRange -ScopeId $id | ForEach-Object { @{ first = [string] $_.StartRange; last = [string] $_.EndRange } })
        reservations = @(Get-DhcpServerv4Reservation -ScopeId $id | ForEach-Object { @{ address = [string] $_.IPAddress; client = [string] $_.ClientId; type = [string] $_.Type } })
        options = @(ConvertTo-Option (Get-DhcpServerv4OptionValue -ScopeId $id -ErrorAction SilentlyContinue))
        policies = @(foreach ($policy in $policies) {
            @{ name = [string] $policy.Name; options = @(ConvertTo-Option (Get-DhcpServerv4OptionValue -ScopeId $id -PolicyName $policy.Name -ErrorAction SilentlyContinue)) }
        })
    }
})
@{
    present = $true
    status = [int] $service.Status
    authorised = [bool] $setting.IsAuthorized
    member = [bool] $setting.IsDomainJoined
    listed = $listed
    addresses = @([Net.Dns]::GetHostAddresses('') | ForEach-Object { [string] $_ })
    options = @(ConvertTo-Option (Get-DhcpServerv4OptionValue -ErrorAction SilentlyContinue))
    bindings = @(Get-DhcpServerv4Binding | ForEach-Object { @{ address = [string] $_.IPAddress; bound = [bool] $_.BindingState } })
    deny = [bool] $filters.Deny
    allow = [bool] $filters.Allow
    filters = @(Get-DhcpServerv4Filter | ForEach-Object { @{ list = [string] $_.List; mac = [string] $_.MacAddress } })
    scopes = $scopes
}
