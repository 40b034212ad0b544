# The size and the SHA-256 of a whole file.
param(
    [string] $Path
)
if (-not [IO.File]::Exists($Path)) { return @{ present = $false } }
$stream = New-Object IO.FileStream $Path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]'ReadWrite, Delete')
$hash = [Security.Cryptography.SHA256]::Create()
$sum = [BitConverter]::ToString($hash.ComputeHash($stream)).Replace('-', '').ToLowerInvariant()
$size = [long] $stream.Length
$stream.Dispose()
@{ present = $true; size = $size; sha256 = [string] $sum }
