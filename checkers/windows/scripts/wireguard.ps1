# WireGuard for Windows: the tunnels that run (wg show all dump, without the private and preshared keys), and the
# services that bring them back. Its saved configurations are encrypted, and stay where they are.
param(
)
# part: wireguard-tool
$dump = @(Invoke-Wg show, all, dump | ForEach-Object {
        $words = ([string] $_).Split("`t")
        if ($words.Count -eq 5) { $words[1] = '-' }
        if ($words.Count -eq 9 -and $words[2] -ne '(none)') { $words[2] = '-' }
        $words -join "`t"
    })
$services = @(Get-ChildItem -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services' |
        Where-Object { $_.PSChildName -like 'WireGuardTunnel$*' } | ForEach-Object {
            @{ name = [string] $_.PSChildName; start = [int] $_.GetValue('Start', 4) }
        })
$addresses = @(Get-NetIPAddress -AddressFamily IPv4 | ForEach-Object {
        @{ alias = [string] $_.InterfaceAlias; address = [string] $_.IPAddress; prefix = [int] $_.PrefixLength; state = [int] $_.AddressState }
    })
@{
    now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    dump = $dump
    services = $services
    addresses = $addresses
}
