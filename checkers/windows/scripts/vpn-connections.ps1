# The VPN connections: those of all users as Windows tells them, those of each user from the user's own phone book, which
# only that user could ask Windows for. A phone book holds no password. connected: names of the PPP interfaces that are up.
param(
)
$all = @(Get-VpnConnection -AllUserConnection | ForEach-Object {
        @{
            name = [string] $_.Name; server = [string] $_.ServerAddress; tunnel = [string] $_.TunnelType
            authentication = @($_.AuthenticationMethod | ForEach-Object { [string] $_ })
            encryption = [string] $_.EncryptionLevel; split = [bool] $_.SplitTunneling
        }
    })
$books = New-Object Collections.ArrayList
$users = Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList' |
    Where-Object { $_.PSChildName -match '^S-1-(5-21|12-1)-[0-9-]+$' }
foreach ($user in $users) {
    $folder = [Environment]::ExpandEnvironmentVariables([string] $user.GetValue('ProfileImagePath', ''))
    if (-not $folder) { continue }
    $file = Join-Path $folder 'AppData\Roaming\Microsoft\Network\Connections\Pbk\rasphone.pbk'
    if (-not [IO.File]::Exists($file)) { continue }
    $lines = New-Object Collections.ArrayList
    foreach ($line in [IO.File]::ReadAllLines($file)) {
        if ($line -match '^(\[.+\]|(VpnStrategy|PhoneNumber|IpPrioritizeRemote|DataEncryption|Type)=.*)$') { [void] $lines.Add([string] $line) }
        if ($lines.Count -ge 600) { break }
    }
    [void] $books.Add(@{ sid = [string] $user.PSChildName; lines = @($lines) })
}
$up = @(Get-NetIPInterface -AddressFamily IPv4 | Where-Object { [int] $_.ConnectionState -eq 1 } | ForEach-Object { [string] $_.InterfaceAlias })
@{
    all_users = $all
    books = @($books)
    connected = $up
}
