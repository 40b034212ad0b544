# What a user's access to a folder is computed from: the access lists of the folder and of all that is in it, three levels
# deep, each list once (MS-DTYP 2.4.6); the user's groups as the directory knows them (tokenGroups), and those of somebody
# who makes files there; who is in the groups of this computer that the lists name. Nothing is tried.
param(
    [string] $Path,
    [string] $User,
    [string] $Author
)
# part: group-members
# part: store
$limit = 2000
$controller = [int] (Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole -ge 4

function Get-Account([string] $name) {
    $id = ''
    try { $id = [string] (New-Object Security.Principal.NTAccount $name).Translate([Security.Principal.SecurityIdentifier]).Value }
    catch [Security.Principal.IdentityNotMappedException] { return $null }
    if (-not $controller -and @(Get-CimInstance -ClassName Win32_UserAccount -Filter "LocalAccount = TRUE AND SID = '$id'").Count) {
        return @{ sid = $id; local = $true; groups = @() }
    }
    if ($id -notmatch '^S-1-5-21-') { return $null }
    $entry = New-Object DirectoryServices.DirectoryEntry "LDAP://<SID=$id>"
    if ([string] $entry.SchemaClassName -ne 'user') { return $null }
    $entry.RefreshCache([string[]] @('tokenGroups'))
    $groups = @($entry.Properties['tokenGroups'] | ForEach-Object {
            [string] (New-Object Security.Principal.SecurityIdentifier ([byte[]] $_), 0).Value
        })
    @{ sid = $id; local = $false; groups = $groups }
}

function Get-GroupName([string] $sid) {
    if (-not $controller) { return [string] (Get-Store { Get-LocalGroup -SID $sid }).Name }
    if ($sid -notmatch '^S-1-5-32-') { return '' }
    ([string] (New-Object Security.Principal.SecurityIdentifier $sid).Translate([Security.Principal.NTAccount]).Value).Split('\')[-1]
}

if (-not (Test-Path -LiteralPath $Path -PathType Container)) { return @{ folder = $false } }
$inside = @(Get-ChildItem -LiteralPath $Path -Recurse -Depth 2 -Force | Select-Object -First ($limit + 1))
$lists = New-Object Collections.ArrayList
$known = @{}
$named = @{}
foreach ($one in @(Get-Item -LiteralPath $Path -Force) + @($inside | Select-Object -First $limit)) {
    $bytes = (Get-Acl -LiteralPath $one.FullName).GetSecurityDescriptorBinaryForm()
    $list = @{ folder = [bool] $one.PSIsContainer; rights = [Convert]::ToBase64String($bytes) }
    $key = "$($list.folder) $($list.rights)"
    if ($known.ContainsKey($key)) { continue }
    $known[$key] = $true
    [void] $lists.Add($list)
    foreach ($entry in (New-Object Security.AccessControl.RawSecurityDescriptor $bytes, 0).DiscretionaryAcl) {
        $named[[string] $entry.SecurityIdentifier.Value] = $true
    }
}
$groups = @(foreach ($sid in @($named.Keys | Sort-Object)) {
        if ($sid -notmatch '^S-1-5-(32|21)-') { continue }
        $name = Get-GroupName $sid
        if ($name) { @{ sid = [string] $sid; members = @(Get-MemberSid $name | ForEach-Object { [string] $_.sid }) } }
    })
@{
    folder = $true
    user = Get-Account $User
    author = if ($Author) { Get-Account $Author } else { $null }
    lists = @($lists)
    more = $inside.Count -gt $limit
    groups = $groups
}
