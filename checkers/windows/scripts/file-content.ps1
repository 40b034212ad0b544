# The beginning of a text file, in the encoding that it says; else UTF-8 when it is, else the machine's code page.
param(
    [string] $Path,
    [int] $Limit
)
if (-not [IO.File]::Exists($Path)) { return @{ present = $false } }
$stream = New-Object IO.FileStream $Path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]'ReadWrite, Delete')
$bytes = New-Object byte[] $Limit
$count = 0
while ($count -lt $Limit) {
    $read = $stream.Read($bytes, $count, $Limit - $count)
    if ($read -le 0) { break }
    $count += $read
}
$stream.Dispose()
if ($count -ge 2 -and $bytes[0] -eq 255 -and $bytes[1] -eq 254) { $text = [Text.Encoding]::Unicode.GetString($bytes, 2, $count - 2) }
elseif ($count -ge 2 -and $bytes[0] -eq 254 -and $bytes[1] -eq 255) { $text = [Text.Encoding]::BigEndianUnicode.GetString($bytes, 2, $count - 2) }
elseif ($count -ge 3 -and $bytes[0] -eq 239 -and $bytes[1] -eq 187 -and $bytes[2] -eq 191) { $text = [Text.Encoding]::UTF8.GetString($bytes, 3, $count - 3) }
else {
    # A character that the limit cuts in two is left out.
    $letters = New-Object char[] ($count + 1)
    $decoder = (New-Object Text.UTF8Encoding $false, $true).GetDecoder()
    try { $text = New-Object string $letters, 0, $decoder.GetChars($bytes, 0, $count, $letters, 0, $count -lt $Limit) }
    catch { $text = [Text.Encoding]::Default.GetString($bytes, 0, $count) }
}
@{ present = $true; text = [string] $text }
