Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions' @{ ProductType = if ($Answer.present) { 'LanmanNT' } else { 'ServerNT' } }
Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters' @{ SysVol = 'C:\Windows\SYSVOL\sysvol' }
$StandinTop = 'C:\Windows\SYSVOL\sysvol\kerbras.lan'
$StandinPolicies = @($Answer.files | ForEach-Object { $_.policy } | Sort-Object -Unique)
[void] [Standin.Files]::Folders.Add("$StandinTop\Policies")

function Add-StandinFile([string] $policy, [string] $path, [string] $content) {
    [Standin.Files]::Held["$StandinTop\Policies\$policy\$path"] = [Convert]::FromBase64String($content)
}
foreach ($one in $Answer.files) { Add-StandinFile $one.policy $one.path $one.content }
# What is not asked for; and too much, where the answer was cut.
foreach ($one in $StandinPolicies) { Add-StandinFile $one 'Machine\comment.cmtx' 'bm90IGFza2VkIGZvcg==' }
if ($Answer.cut) {
    $StandinPolicies = '{1}', '{2}'
    foreach ($one in $StandinPolicies) { Add-StandinFile $one 'Registry.pol' ([Convert]::ToBase64String((New-Object byte[] 100kb))) }
}

function New-StandinItem([string] $path) {
    [PSCustomObject] @{ FullName = $path; Name = $path.Substring($path.LastIndexOf('\') + 1); Length = if ([Standin.Files]::Held.ContainsKey($path)) { [Standin.Files]::Held[$path].Length } else { 1 } }
}
function Join-Path([string] $Path, [string] $ChildPath) { "$Path\$ChildPath" }
function Get-ChildItem {
    [CmdletBinding()] param([string] $LiteralPath, [switch] $Recurse, [switch] $Directory, [switch] $File, [switch] $Force, [string] $Filter)
    if ($File) { return [Standin.Files]::Held.Keys | Where-Object { $_.StartsWith("$LiteralPath\") } | ForEach-Object { New-StandinItem $_ } }
    if ($Filter) { return $StandinPolicies | ForEach-Object { New-StandinItem "$LiteralPath\$_" } }
    New-StandinItem $StandinTop
    New-StandinItem 'C:\Windows\SYSVOL\sysvol\staging'
}
