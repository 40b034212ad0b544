# The local accounts and groups. Members are read one by one from the account manager (WinNT): Get-LocalGroupMember
# fails as a whole for one account that is gone from its domain. No password or hash is asked for.
param(
)
$role = [int] (Get-CimInstance -ClassName Win32_OperatingSystem).ProductType
if ($role -eq 2) { return @{ controller = $true } }
$locked = @{}
foreach ($one in Get-CimInstance -ClassName Win32_UserAccount -Filter 'LocalAccount=True') {
    $locked[[string] $one.SID] = [bool] $one.Lockout
}

function Get-MemberSid([string] $group) {
    $entry = [ADSI] "WinNT://./$group,group"
    foreach ($one in @($entry.psbase.Invoke('Members'))) {
        $bytes = $one.GetType().InvokeMember('objectSid', [Reflection.BindingFlags]::GetProperty, $null, $one, $null)
        $sid = New-Object Security.Principal.SecurityIdentifier ([byte[]] $bytes), 0
        $name = ''
        try { $name = [string] $sid.Translate([Security.Principal.NTAccount]).Value } catch { $name = '' }
        @{ sid = [string] $sid.Value; name = $name }
    }
}

$users = @(Get-LocalUser | ForEach-Object {
        $expires = ''
        if ($null -ne $_.AccountExpires) { $expires = $_.AccountExpires.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ') }
        @{
            name = [string] $_.Name; sid = [string] $_.SID.Value; full_name = [string] $_.FullName
            enabled = [bool] $_.Enabled; password_required = [bool] $_.PasswordRequired
            locked_out = [bool] $locked[[string] $_.SID.Value]; expires = $expires
        }
    })
$groups = @(Get-LocalGroup | ForEach-Object {
        @{ name = [string] $_.Name; sid = [string] $_.SID.Value; members = @(Get-MemberSid $_.Name) }
    })
@{
    controller = $false
    now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    users = $users
    groups = $groups
}
