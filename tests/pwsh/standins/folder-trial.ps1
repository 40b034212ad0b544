Add-StandinCim 'Win32_ComputerSystem' @([PSCustomObject] @{ DomainRole = [uint16] $(if ($Answer.user.local -eq $false) { 5 } else { 0 }) })
Add-StandinCim 'Win32_UserAccount' @(
    @($Answer.user, $Answer.author) | Where-Object { $_.local } | ForEach-Object { [PSCustomObject] @{ SID = $_.sid; LocalAccount = $true } }
    [PSCustomObject] @{ SID = 'S-1-5-21-9-9-9-1'; LocalAccount = $false })
[Standin.DirectoryEntry]::Tokens.Clear()
foreach ($one in @(@{ name = $Arguments.User; is = $Answer.user }, @{ name = $Arguments.Author; is = $Answer.author })) {
    if ($null -eq $one.is) { continue }
    [Standin.Accounts]::Names[$one.is.sid] = [string] $one.name
    [Standin.DirectoryEntry]::Tokens[$one.is.sid] = [string[]] $one.is.groups
}
# A controller tells the names of its own groups as accounts, any other computer as local groups.
[Standin.Adsi]::Groups.Clear()
foreach ($group in $Answer.groups) {
    [Standin.Accounts]::Names[$group.sid] = "BUILTIN\$($group.sid)"
    [Standin.Adsi]::Groups[$group.sid] = [Standin.Member[]] @($group.members | ForEach-Object {
            $member = New-Object Standin.Member
            $member.objectSid = (New-Object Standin.SecurityIdentifier $_).Bytes()
            $member
        })
}
function Get-LocalGroup {
    [CmdletBinding()] param([string] $SID)
    if (@($Answer.groups | Where-Object sid -EQ $SID).Count) { return [PSCustomObject] @{ Name = $SID; SID = $SID } }
    $PSCmdlet.WriteError((New-StandinError 'GroupNotFound' 'ObjectNotFound' "Group $SID was not found."))
}

# The folder has the first list; each other list is that of something in it, and some things have the same.
$StandinItems = @{}
if ($Answer.folder) {
    [void] [Standin.Files]::Folders.Add([string] $Arguments.Path)
    $number = 0
    foreach ($one in @($Answer.lists) + @($Answer.lists | Select-Object -Last 1)) {
        $name = if ($number) { "$($Arguments.Path)\$number" } else { $Arguments.Path }
        $StandinItems[$name] = $one
        $number += 1
    }
}
function Get-StandinItem([string] $path) { [PSCustomObject] @{ FullName = $path; PSIsContainer = $StandinItems[$path].folder } }
function Get-Item {
    [CmdletBinding()] param([string] $LiteralPath, [switch] $Force)
    Get-StandinItem $LiteralPath
}
function Get-ChildItem {
    [CmdletBinding()] param([string] $LiteralPath, [switch] $Recurse, [int] $Depth, [switch] $Force)
    $StandinItems.Keys | Where-Object { $_ -ne $LiteralPath } | Sort-Object | ForEach-Object { Get-StandinItem $_ }
}
function Get-Acl {
    param([string] $LiteralPath)
    $acl = [PSCustomObject] @{ Rights = $StandinItems[$LiteralPath].rights }
    Add-Member -InputObject $acl -MemberType ScriptMethod -Name GetSecurityDescriptorBinaryForm -Value { , [Convert]::FromBase64String($this.Rights) }
    $acl
}
