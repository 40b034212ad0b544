# Whether this machine reaches an address, by which of its interfaces, and what WireGuard says of that interface after three
# pings. IPStatus 0 is an answer.
param(
    [string] $Target
)
# part: wireguard-tool
$way = @()
try { $way = @(Find-NetRoute -RemoteIPAddress $Target) }
catch { if ([string] $_.FullyQualifiedErrorId -notlike 'Windows System Error 1231*') { throw } }
$source = @($way | Where-Object { $null -ne $_.PSObject.Properties['IPAddress'] } | Select-Object -First 1)
$ping = New-Object Net.NetworkInformation.Ping
$received = 0
foreach ($number in 1..3) {
    try { if ([int] $ping.Send([Net.IPAddress]::Parse($Target), 3000).Status -eq 0) { $received++ } }
    catch [Net.NetworkInformation.PingException] { continue }
}
$handshakes = @(Invoke-Wg show, all, latest-handshakes | ForEach-Object {
        $words = ([string] $_).Split("`t")
        if ($words.Count -eq 3) { @{ name = [string] $words[0]; at = [long] $words[2] } }
    })
@{
    device = $(if ($source.Count) { [string] $source[0].InterfaceAlias } else { '' })
    source = $(if ($source.Count) { [string] $source[0].IPAddress } else { '' })
    sent = 3
    received = $received
    tunnels = @(Invoke-Wg show, interfaces | ForEach-Object { ([string] $_).Split(' ') } | Where-Object { $_ } | ForEach-Object { [string] $_ })
    handshakes = $handshakes
    now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
}
