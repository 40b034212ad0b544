# The cards, their addresses and routes as they are (active store) and as they will be after a restart (persistent
# store), and the name servers that are asked. A card's place on its bus comes from the registry: it is there even while
# the card is disabled.
param(
)
# A store without one of them is said as an error.
function Get-Store([scriptblock] $query) {
    try { & $query }
    catch { if ($_.CategoryInfo.Category -ne [Management.Automation.ErrorCategory]::ObjectNotFound) { throw } }
}

function Get-Address([string] $store) {
    $found = @(Get-Store { Get-NetIPAddress -AddressFamily IPv4 -PolicyStore $store })
    $found | ForEach-Object {
        @{
            index = [int] $_.InterfaceIndex; address = [string] $_.IPAddress; prefix = [int] $_.PrefixLength
            prefix_origin = [int] $_.PrefixOrigin; state = [int] $_.AddressState
            valid_s = [long] [Math]::Floor($_.ValidLifetime.TotalSeconds)
        }
    }
}

function Get-Route([string] $store) {
    $found = @(Get-Store { Get-NetRoute -AddressFamily IPv4 -PolicyStore $store })
    $found | ForEach-Object {
        @{
            index = [int] $_.InterfaceIndex; destination = [string] $_.DestinationPrefix
            next_hop = [string] $_.NextHop; protocol = [int] $_.Protocol
        }
    }
}

function Get-Dhcp([string] $store) {
    $found = @(Get-Store { Get-NetIPInterface -AddressFamily IPv4 -PolicyStore $store })
    $found | ForEach-Object {
        @{
            index = [int] $_.InterfaceIndex; dhcp = [int] $_.Dhcp; metric = [int] $_.InterfaceMetric
            connected = [int] $_.ConnectionState
        }
    }
}

$adapters = @(Get-NetAdapter | ForEach-Object {
        $place = Get-ItemProperty -LiteralPath "HKLM:\SYSTEM\CurrentControlSet\Enum\$($_.PnPDeviceID)" -ErrorAction SilentlyContinue
        @{
            index = [int] $_.InterfaceIndex; alias = [string] $_.Name; mac = [string] $_.MacAddress
            own_mac = [string] $_.PermanentAddress; hardware = [bool] $_.HardwareInterface
            medium = [int] $_.NdisPhysicalMedium; admin = [int] $_.InterfaceAdminStatus
            location = [string] $place.LocationInformation
        }
    })
$servers = @(Get-DnsClientServerAddress -AddressFamily IPv4 | ForEach-Object {
        @{ index = [int] $_.InterfaceIndex; servers = @($_.ServerAddresses | Where-Object { $_ } | ForEach-Object { [string] $_ }) }
    })
$policy = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient' -ErrorAction SilentlyContinue
@{
    adapters = $adapters
    interfaces = @{ active = @(Get-Dhcp 'ActiveStore'); persistent = @(Get-Dhcp 'PersistentStore') }
    addresses = @{ active = @(Get-Address 'ActiveStore'); persistent = @(Get-Address 'PersistentStore') }
    routes = @{ active = @(Get-Route 'ActiveStore'); persistent = @(Get-Route 'PersistentStore') }
    name_servers = $servers
    policy_name_servers = [string] $policy.NameServer
}
