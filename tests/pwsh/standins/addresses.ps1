. "$Standins/cards-common.ps1"
if ($Answer.policy_name_servers) { Set-StandinKey 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\DNSClient' @{ NameServer = $Answer.policy_name_servers } }

# What a store has not is an error.
function Select-Standin($rows, $command) {
    if ($rows) { return $rows }
    $command.WriteError((New-StandinError 'CmdletizationQuery_NotFound' 'ObjectNotFound' 'Aucun objet'))
}

function Get-NetIPAddress {
    [CmdletBinding()] param([string] $AddressFamily, [string] $PolicyStore = 'ActiveStore')
    Select-Standin $Answer.addresses.($PolicyStore.Replace('Store', '')) $PSCmdlet | ForEach-Object {
        [PSCustomObject] @{
            InterfaceIndex = [uint32] $_.index; IPAddress = $_.address; PrefixLength = [byte] $_.prefix
            PrefixOrigin = New-StandinCode $_.prefix_origin; AddressState = New-StandinCode $_.state
            ValidLifetime = if ($_.valid_s -eq 922337203685) { [TimeSpan]::MaxValue } else { [TimeSpan]::FromSeconds($_.valid_s + 0.5) }
        }
    }
}

function Get-NetRoute {
    [CmdletBinding()] param([string] $AddressFamily, [string] $PolicyStore = 'ActiveStore')
    Select-Standin $Answer.routes.($PolicyStore.Replace('Store', '')) $PSCmdlet | ForEach-Object {
        [PSCustomObject] @{
            InterfaceIndex = [uint32] $_.index; DestinationPrefix = $_.destination; NextHop = $_.next_hop
            Protocol = New-StandinCode $_.protocol
        }
    }
}

function Get-NetIPInterface {
    [CmdletBinding()] param([string] $AddressFamily, [string] $PolicyStore = 'ActiveStore')
    Select-Standin $Answer.interfaces.($PolicyStore.Replace('Store', '')) $PSCmdlet | ForEach-Object {
        [PSCustomObject] @{
            InterfaceIndex = [uint32] $_.index; Dhcp = New-StandinCode $_.dhcp; InterfaceMetric = [uint32] $_.metric
            ConnectionState = New-StandinCode $_.connected
        }
    }
}

function Get-DnsClientServerAddress {
    [CmdletBinding()] param([string] $AddressFamily)
    foreach ($one in $Answer.name_servers) {
        [PSCustomObject] @{ InterfaceIndex = [uint32] $one.index; ServerAddresses = [string[]] $one.servers }
    }
}
