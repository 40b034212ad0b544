# The zones of this machine's DNS server, by the server's own provider, which needs no administration tools and runs with
# the service. type: 1 primary, 2 secondary, 3 stub, 4 conditional forwarder (0 is the cache). update: 0 none, 1 any, 2
# secure ones. transfer: 0 to anybody, 1 to the zone's name servers, 2 to those that are listed, 3 to nobody.
param(
)
$service = Get-Service -Name DNS -ErrorAction SilentlyContinue
if ($null -eq $service) { return @{ present = $false } }
if ([int] $service.Status -ne 4) { return @{ present = $true; status = [int] $service.Status } }
$server = Get-CimInstance -Namespace 'root\MicrosoftDNS' -ClassName MicrosoftDNS_Server
@{
    present = $true
    status = [int] $service.Status
    scavenging = [long] $server.ScavengingInterval
    zones = @(foreach ($zone in Get-CimInstance -Namespace 'root\MicrosoftDNS' -ClassName MicrosoftDNS_Zone) {
            if ($zone.AutoCreated -or [int] $zone.ZoneType -eq 0) { continue }
            @{
                name = [string] $zone.Name
                type = [int] $zone.ZoneType
                directory = [bool] $zone.DsIntegrated
                reverse = [bool] $zone.Reverse
                update = [int] $zone.AllowUpdate
                masters = @(@($zone.MasterServers) + @($zone.LocalMasterServers) | Where-Object { $_ } | ForEach-Object { [string] $_ })
                aging = [bool] $zone.Aging
                paused = [bool] $zone.Paused -or [bool] $zone.Shutdown
                transfer = [int] $zone.SecureSecondaries
            }
        })
}
