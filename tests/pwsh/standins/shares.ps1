. "$Standins/shares-common.ps1"
Add-StandinCim 'Win32_ComputerSystem' @([PSCustomObject] @{ DomainRole = [uint16] 3 })
Add-StandinCim 'Win32_UserAccount' @(
    [PSCustomObject] @{ SID = 'S-1-5-21-1-2-3-501'; LocalAccount = $true; Disabled = -not $Answer.guest }
    [PSCustomObject] @{ SID = 'S-1-5-21-7-7-7-501'; LocalAccount = $false; Disabled = $false }
    [PSCustomObject] @{ SID = 'S-1-5-21-1-2-3-500'; LocalAccount = $true; Disabled = $false })
foreach ($one in $Answer.shares) { if ($one.folder) { [void] [Standin.Files]::Folders.Add([string] $one.path) } }

function Get-SmbShare {
    foreach ($one in $Answer.shares) { New-StandinShare $one.name $one.path $one.rights $false $one.state }
    New-StandinShare 'IPC$' '' 'AQAEgA==' $true 1 3
    New-StandinShare 'Imprimante' 'Imprimante,LocalsplOnly' 'AQAEgA==' $false 1 1
}
