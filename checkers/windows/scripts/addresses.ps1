# The cards, their addresses and routes as they are (active store) and as they will be after a restart (persistent
# store), and the name servers that are asked.
param(
)
# part: store
# part: cards

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

$servers = @(Get-DnsClientServerAddress -AddressFamily IPv4 | ForEach-Object {
        @{ index = [int] $_.InterfaceIndex; servers = @($_.ServerAddresses | Where-Object { $_ } | ForEach-Object { [string] $_ }) }
    })
$policy = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient' -ErrorAction SilentlyContinue
@{
    adapters = @(Get-Card)
    interfaces = @{ active = @(Get-Dhcp 'ActiveStore'); persistent = @(Get-Dhcp 'PersistentStore') }
    addresses = @{ active = @(Get-Address 'ActiveStore'); persistent = @(Get-Address 'PersistentStore') }
    routes = @{ active = @(Get-Route 'ActiveStore'); persistent = @(Get-Route 'PersistentStore') }
    name_servers = $servers
    policy_name_servers = [string] $policy.NameServer
}
