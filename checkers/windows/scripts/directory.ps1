# What the directory of this domain controller holds, by LDAP with paging: for each object its attributes as texts
# (identifiers as S-1-..., numbers in decimal), of a group policy also its access list (base64). The server itself is
# asked, not the network.
param(
    [string] $Filter,
    [string] $Attributes,
    [int] $Most
)
$product = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions'
if ($product.ProductType -ne 'LanmanNT') {
    return @{ present = $false; member = [bool] (Get-CimInstance -ClassName Win32_ComputerSystem).PartOfDomain }
}

function ConvertTo-Text($value) {
    if ($value -is [byte[]]) { return (New-Object Security.Principal.SecurityIdentifier $value, 0).Value }
    [Convert]::ToString($value, [Globalization.CultureInfo]::InvariantCulture)
}

function Get-Entry([string] $name) {
    New-Object DirectoryServices.DirectoryEntry ('LDAP://localhost/' + $name.Replace('/', '\/'))
}

# A server gives at most 1500 values of an attribute at a time (MS-ADTS 3.1.1.3.1.3.3).
function Get-Member([string] $name) {
    $entry = Get-Entry $name
    $from = 0
    do {
        $part = New-Object DirectoryServices.DirectorySearcher $entry, '(objectClass=*)'
        $part.SearchScope = [DirectoryServices.SearchScope]::Base
        [void] $part.PropertiesToLoad.Add("member;range=$from-*")
        $properties = $part.FindOne().Properties
        $key = [string] (@($properties.PropertyNames) -like 'member;range=*')[0]
        foreach ($value in $properties[$key]) { $from += 1; [string] $value }
    } until ($key.EndsWith('-*') -or $from -ge $Most)
}

$base = [string] (Get-Entry 'RootDSE').Properties['defaultNamingContext'].Value
$searcher = New-Object DirectoryServices.DirectorySearcher (Get-Entry $base), $Filter
$searcher.PageSize = 500
$searcher.CacheResults = $false
$searcher.ReferralChasing = [DirectoryServices.ReferralChasingOption]::None
$searcher.PropertiesToLoad.AddRange([string[]] $Attributes.Split(' '))
$records = New-Object Collections.ArrayList
$cut = $false
$found = $searcher.FindAll()
try {
    foreach ($one in $found) {
        if ($records.Count -ge $Most) { $cut = $true; break }
        $record = @{}
        foreach ($name in $one.Properties.PropertyNames) {
            if ($name -like 'member;range=*') { $record['member'] = @(Get-Member $one.Properties['distinguishedname'][0]) }
            elseif ($one.Properties[$name].Count) {
                $record[$name] = @(foreach ($value in $one.Properties[$name]) { ConvertTo-Text $value })
            }
        }
        [void] $records.Add($record)
    }
}
finally { $found.Dispose() }

# Who may apply a policy. Access lists are asked for apart: those of everything would be far too much.
$lists = New-Object DirectoryServices.DirectorySearcher (Get-Entry $base), '(objectClass=groupPolicyContainer)'
$lists.PageSize = 500
$lists.SecurityMasks = [DirectoryServices.SecurityMasks]::Dacl
[void] $lists.PropertiesToLoad.Add('nTSecurityDescriptor')
[void] $lists.PropertiesToLoad.Add('distinguishedName')
$found = $lists.FindAll()
try {
    foreach ($one in $found) {
        if (-not $one.Properties['ntsecuritydescriptor'].Count) { continue }
        foreach ($record in $records) {
            if ($record['distinguishedname'][0] -eq $one.Properties['distinguishedname'][0]) {
                $record['ntsecuritydescriptor'] = @([Convert]::ToBase64String($one.Properties['ntsecuritydescriptor'][0]))
            }
        }
    }
}
finally { $found.Dispose() }
@{ present = $true; now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds(); cut = $cut; records = @($records) }
