# The local accounts and groups. No password or hash is asked for.
param(
)
# part: group-members
$role = [int] (Get-CimInstance -ClassName Win32_OperatingSystem).ProductType
if ($role -eq 2) { return @{ controller = $true } }
$locked = @{}
foreach ($one in Get-CimInstance -ClassName Win32_UserAccount -Filter 'LocalAccount=True') {
    $locked[[string] $one.SID] = [bool] $one.Lockout
}

# Where the least length is 0 an account may have an empty password, and nothing tells.
$least = -1
try { $least = [int] @(([ADSI] 'WinNT://.,computer').MinPasswordLength)[0] } catch { $least = -1 }
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
    least_length = $least
    users = $users
    groups = $groups
}
