Add-StandinCim 'Win32_OperatingSystem' @([PSCustomObject] @{ ProductType = [uint32] $(if ($Answer.controller) { 2 } else { 1 }) })
Add-StandinCim 'Win32_UserAccount' @(
    $Answer.users | ForEach-Object { [PSCustomObject] @{ SID = $_.sid; Lockout = $_.locked_out; LocalAccount = $true } }
    [PSCustomObject] @{ SID = 'S-1-5-21-9-9-9-1'; Lockout = $true; LocalAccount = $false })
[Standin.Adsi]::Groups.Clear()
[Standin.Adsi]::Least = [int] $Answer.least_length
foreach ($group in $Answer.groups) {
    $members = foreach ($one in $group.members) {
        if ($one.name) { [Standin.Accounts]::Names[$one.sid] = $one.name }
        $member = New-Object Standin.Member
        $member.objectSid = (New-Object Standin.SecurityIdentifier $one.sid).Bytes()
        $member
    }
    [Standin.Adsi]::Groups[$group.name] = [Standin.Member[]] @($members)
}

function Get-LocalUser {
    foreach ($one in $Answer.users) {
        [PSCustomObject] @{
            Name = $one.name; SID = New-Object Standin.SecurityIdentifier $one.sid; FullName = $one.full_name; Enabled = $one.enabled
            PasswordRequired = $one.password_required
            AccountExpires = if ($one.expires) { ([DateTime] $one.expires).ToLocalTime() } else { $null }
        }
    }
}
function Get-LocalGroup {
    foreach ($one in $Answer.groups) { [PSCustomObject] @{ Name = $one.name; SID = New-Object Standin.SecurityIdentifier $one.sid } }
}
