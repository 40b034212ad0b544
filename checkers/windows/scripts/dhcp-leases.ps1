# The leases that this machine's DHCP server has given and that have not ended, reserved addresses that are in use too.
param(
    [int] $Most
)
$service = Get-Service -Name DHCPServer -ErrorAction SilentlyContinue
if ($null -eq $service -or [int] $service.Status -ne 4) { return @{ running = $false } }
$leases = @(foreach ($scope in @(Get-DhcpServerv4Scope)) {
        foreach ($one in @(Get-DhcpServerv4Lease -ScopeId $scope.ScopeId)) {
            if ([string] $one.AddressState -notin 'Active', 'ActiveReservation') { continue }
            $ends = if ($null -eq $one.LeaseExpiryTime) { '' } else { $one.LeaseExpiryTime.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ') }
            @{ address = [string] $one.IPAddress; client = [string] $one.ClientId; name = [string] $one.HostName; ends = $ends }
        }
    })
@{ running = $true; leases = @($leases | Select-Object -First ($Most + 1)) }
