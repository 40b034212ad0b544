# One TCP connection tried from this machine, to an address, a name, or wherever a hardware address is on its networks; how
# it ended as a number of SocketError, 0 when it was open, -1 when nothing answered in time. Tried twice when it was silent:
# one lost packet must not decide.
param(
    [string] $To,
    [int] $Port
)
# part: store
# The best known address of a neighbour: reachable before stale; one that did not answer is none.
function Get-Near([string] $mac) {
    Get-Store { Get-NetNeighbor -AddressFamily IPv4 } | Where-Object { [string] $_.LinkLayerAddress -eq $mac -and [int] $_.State -ge 2 } |
        Sort-Object -Property { [int] $_.State } -Descending | Select-Object -First 1 | ForEach-Object { [string] $_.IPAddress }
}

function Find-Near([string] $mac) {
    $found = Get-Near $mac
    if ($found) { return $found }
    # A word to every address of the machine's networks makes Windows ask for them all.
    $words = New-Object Net.Sockets.UdpClient
    $own = @(Get-NetIPAddress -AddressFamily IPv4 | Where-Object { [int] $_.AddressState -eq 4 -and [int] $_.PrefixLength -eq 24 })
    foreach ($one in ($own | Select-Object -First 4)) {
        $network = ([string] $one.IPAddress).Substring(0, ([string] $one.IPAddress).LastIndexOf('.') + 1)
        foreach ($last in 1..254) {
            try { [void] $words.Send([byte[]] (10), 1, "$network$last", 9) }
            catch [Net.Sockets.SocketException] { continue }
        }
    }
    $words.Close()
    Start-Sleep -Seconds 3
    Get-Near $mac
}

function Connect-Once([string] $address) {
    $client = New-Object Net.Sockets.TcpClient ([Net.Sockets.AddressFamily]::InterNetwork)
    try {
        $trying = $client.BeginConnect([Net.IPAddress]::Parse($address), $Port, $null, $null)
        if (-not $trying.AsyncWaitHandle.WaitOne(5000)) { return -1 }
        $client.EndConnect($trying)
        0
    }
    catch [Net.Sockets.SocketException] {
        [int] $_.Exception.GetBaseException().SocketErrorCode
    }
    finally { $client.Close() }
}

$target = ''
if ($To -match '^[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}$') {
    $mac = $To.Replace(':', '-').ToUpperInvariant()
    $target = [string] (Find-Near $mac)
    if (-not $target) { return @{ resolved = $true; found = $false; target = ''; error = $null } }
}
else {
    try {
        $target = [string] ([Net.Dns]::GetHostAddresses($To) | Where-Object { $_.AddressFamily -eq [Net.Sockets.AddressFamily]::InterNetwork } |
                Select-Object -First 1)
    }
    catch [Net.Sockets.SocketException] { $target = '' }
    if (-not $target) { return @{ resolved = $false; found = $false; target = ''; error = $null } }
}
$end = Connect-Once $target
if ($end -eq -1 -or $end -eq 10060) { $end = Connect-Once $target }
@{ resolved = $true; found = $true; target = $target; error = [int] $end }
