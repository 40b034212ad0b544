if ($Answer.present) { [void] [Standin.Files]::Folders.Add([string] $Arguments.Path) }
Add-StandinCim 'Win32_Volume' @(
    [PSCustomObject] @{ Name = 'C:\'; Capacity = [uint64] 1; FreeSpace = [uint64] 1 }
    [PSCustomObject] @{ Name = '\\?\Volume{0}\'; Capacity = $null; FreeSpace = $null }
    [PSCustomObject] @{ Name = 'D:\'; Capacity = [uint64] $Answer.total; FreeSpace = [uint64] $Answer.free }
    [PSCustomObject] @{ Name = 'D:\Autre\'; Capacity = [uint64] 2; FreeSpace = [uint64] 2 })
