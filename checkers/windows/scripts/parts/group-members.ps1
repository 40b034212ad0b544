# Who is in a group of this computer, one by one from the account manager (WinNT): Get-LocalGroupMember fails as a whole
# for one account that is gone from its domain.
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
