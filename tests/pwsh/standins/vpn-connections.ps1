function Get-VpnConnection {
    [CmdletBinding()] param([switch] $AllUserConnection)
    if (-not $AllUserConnection) { throw 'of all users' }
    $Answer.all_users | ForEach-Object {
        [PSCustomObject] @{
            Name = $_.name; ServerAddress = $_.server; TunnelType = $_.tunnel; AuthenticationMethod = [string[]] $_.authentication
            EncryptionLevel = $_.encryption; SplitTunneling = $_.split
        }
    }
}
Add-StandinOtherProfiles
foreach ($book in $Answer.books) {
    $folder = Add-StandinProfile $book.sid
    $place = "$folder/AppData/Roaming/Microsoft/Network/Connections/Pbk"
    [void] [IO.Directory]::CreateDirectory($place)
    $lines = foreach ($line in $book.lines) { $line; if ($line -like '`[*') { 'Encoding=1'; 'PBVersion=6' } else { 'Guid=0' } }
    [IO.File]::WriteAllLines("$place/rasphone.pbk", [string[]] $lines)
}
function Get-NetIPInterface {
    [CmdletBinding()] param([string] $AddressFamily)
    $Answer.connected | ForEach-Object { [PSCustomObject] @{ InterfaceAlias = $_; ConnectionState = New-StandinCode 1 } }
    [PSCustomObject] @{ InterfaceAlias = 'Wi-Fi'; ConnectionState = New-StandinCode 0 }
}
