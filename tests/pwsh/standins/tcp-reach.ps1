[Standin.Dns]::Addresses = if ($Answer.resolved) { @([Net.IPAddress] 'fe80::1%4', [Net.IPAddress] $(if ($Answer.target) { $Answer.target } else { '127.0.0.1' })) } else { $null }
[Standin.TcpClient]::End = if ($null -eq $Answer.error) { -1 } else { [int] $Answer.error }
[Standin.UdpClient]::Words.Clear()

function Get-NetIPAddress {
    [CmdletBinding()] param([string] $AddressFamily)
    [PSCustomObject] @{ IPAddress = '192.168.50.10'; PrefixLength = [byte] 24; AddressState = New-StandinCode 4 }
    [PSCustomObject] @{ IPAddress = '127.0.0.1'; PrefixLength = [byte] 8; AddressState = New-StandinCode 4 }
}
# A neighbour is known once it was spoken to; one that does not answer is listed too.
function Get-NetNeighbor {
    [CmdletBinding()] param([string] $AddressFamily)
    $mac = ([string] $Arguments.To).Replace(':', '-').ToUpperInvariant()
    [PSCustomObject] @{ IPAddress = '192.168.50.99'; LinkLayerAddress = $mac; State = New-StandinCode 0 }
    if ([Standin.UdpClient]::Words.Count -eq 254 -and $Answer.found) {
        [PSCustomObject] @{ IPAddress = '192.168.50.61'; LinkLayerAddress = $mac; State = New-StandinCode 4 }
        [PSCustomObject] @{ IPAddress = $Answer.target; LinkLayerAddress = $mac; State = New-StandinCode 5 }
    }
}
function Start-Sleep { param($Seconds) }
