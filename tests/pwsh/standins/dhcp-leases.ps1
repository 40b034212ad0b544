if ($Answer.running) { Add-StandinService 'DHCPServer' 4 } else { Add-StandinService 'DHCPServer' 1 }
function Get-DhcpServerv4Scope { [PSCustomObject] @{ ScopeId = [Net.IPAddress] '192.168.50.0' } }
# Beside the leases that are in use there is one that is offered, and one that has ended.
function Get-DhcpServerv4Lease {
    param($ScopeId)
    $Answer.leases | ForEach-Object {
        [PSCustomObject] @{
            IPAddress = [Net.IPAddress] $_.address; ScopeId = $ScopeId; ClientId = $_.client; AddressState = if ($_.address -like '*.60') { 'ActiveReservation' } else { 'Active' }
            HostName = if ($_.name) { $_.name } else { $null }; LeaseExpiryTime = if ($_.ends) { ([DateTime] $_.ends).ToLocalTime() } else { $null }
        }
    }
    [PSCustomObject] @{ IPAddress = [Net.IPAddress] '192.168.50.198'; ScopeId = $ScopeId; ClientId = '52-54-00-00-00-01'; AddressState = 'Offered' }
    [PSCustomObject] @{ IPAddress = [Net.IPAddress] '192.168.50.199'; ScopeId = $ScopeId; ClientId = '52-54-00-00-00-02'; AddressState = 'InactiveReservation' }
}
