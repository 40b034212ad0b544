if ($Answer.present) { Add-StandinService 'DNS' $Answer.status }
Add-StandinCim 'MicrosoftDNS_Server' @([PSCustomObject] @{ ScavengingInterval = [uint32] $Answer.scavenging }) 'root/MicrosoftDNS'
# What Windows made by itself, and the cache, are beside the zones.
Add-StandinCim 'MicrosoftDNS_Zone' @(
    $Answer.zones | ForEach-Object {
        [PSCustomObject] @{
            Name = $_.name; ZoneType = [uint32] $_.type; DsIntegrated = $_.directory; Reverse = $_.reverse; AllowUpdate = [uint32] $_.update
            MasterServers = if ($_.masters) { [string[]] $_.masters } else { $null }; LocalMasterServers = $null; Aging = $_.aging
            Paused = $_.paused; Shutdown = $false; SecureSecondaries = [uint32] $_.transfer; AutoCreated = $false
        }
    }
    [PSCustomObject] @{ Name = '0.in-addr.arpa'; ZoneType = [uint32] 1; AutoCreated = $true }
    [PSCustomObject] @{ Name = '..Cache'; ZoneType = [uint32] 0; AutoCreated = $false }) 'root/MicrosoftDNS'
