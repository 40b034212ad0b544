. "$Standins/shares-common.ps1"
if ($Answer.present) { [void] [Standin.Files]::Folders.Add([string] $Arguments.Path) }

function Get-Item {
    [CmdletBinding()] param([string] $LiteralPath, [switch] $Force)
    [PSCustomObject] @{ FullName = $LiteralPath }
}
function Get-Acl {
    param([string] $LiteralPath)
    $acl = [PSCustomObject] @{ Path = $LiteralPath }
    Add-Member -InputObject $acl -MemberType ScriptMethod -Name GetSecurityDescriptorBinaryForm -Value { , [Convert]::FromBase64String($Answer.rights) }
    $acl
}
# Beside the shares of the answer there are one of another folder, and one of a folder whose name begins the same.
function Get-SmbShare {
    foreach ($one in $Answer.shares) { New-StandinShare $one.name $Arguments.Path $one.rights }
    New-StandinShare 'Autre' "$($Arguments.Path)-autre" 'AQAEgA=='
    New-StandinShare 'ADMIN$' 'C:\Windows' 'AQAEgA==' $true
}
