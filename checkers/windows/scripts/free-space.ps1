# The room on the volume that holds a path: the one whose root is the longest beginning of it.
param(
    [string] $Path
)
if (-not ([IO.Directory]::Exists($Path) -or [IO.File]::Exists($Path))) { return @{ present = $false } }
$whole = [IO.Path]::GetFullPath($Path).TrimEnd('\') + '\'
$volume = $null
foreach ($one in Get-CimInstance -ClassName Win32_Volume) {
    $root = [string] $one.Name
    if ($whole.StartsWith($root, [StringComparison]::OrdinalIgnoreCase) -and ($null -eq $volume -or $root.Length -gt $volume.Name.Length)) { $volume = $one }
}
if ($null -eq $volume -or $null -eq $volume.Capacity) { throw 'volume' }
@{ present = $true; total = [long] $volume.Capacity; free = [long] $volume.FreeSpace }
