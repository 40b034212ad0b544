Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions' @{ ProductType = if ($Answer.present) { 'LanmanNT' } else { 'WinNT' } }
Add-StandinCim 'Win32_ComputerSystem' @([PSCustomObject] @{ PartOfDomain = [bool] $Answer.member })
[Standin.DirectorySearcher]::Held.Clear()
if ($Answer.present) { [Standin.DirectorySearcher]::Base = [string] $Answer.records[0].distinguishedname[0] }

# Numbers come as the directory's syntaxes have them: 32 or 64 bits, or a truth.
function ConvertTo-StandinValue([string] $name, [string] $text) {
    $number = [long] 0
    if ($name -eq 'objectsid') { return , (New-Object Standin.SecurityIdentifier $text).Bytes() }
    if ($name -eq 'ntsecuritydescriptor') { return , [Convert]::FromBase64String($text) }
    if ($text -in 'True', 'False') { return [bool]::Parse($text) }
    if ($name -match 'age|time|lastset|expires|duration|window' -and [long]::TryParse($text, [ref] $number)) { return $number }
    if ([long]::TryParse($text, [ref] $number) -and $number -ge [int]::MinValue -and $number -le [int]::MaxValue) { return [int] $number }
    $text
}

foreach ($record in $Answer.records) {
    $held = @{}
    foreach ($one in $record.PSObject.Properties) {
        $values = New-Object object[] $one.Value.Count
        for ($at = 0; $at -lt $values.Length; $at++) { $values[$at] = ConvertTo-StandinValue $one.Name $one.Value[$at] }
        $held[$one.Name] = [object[]] $values
    }
    $name = [string] $record.distinguishedname[0]
    [Standin.DirectorySearcher]::Held.Add((New-Object 'Collections.Generic.KeyValuePair[string,hashtable]' $name, $held))
}
# Where the answer was cut there was one more.
if ($Answer.cut) { [Standin.DirectorySearcher]::Held.Add((New-Object 'Collections.Generic.KeyValuePair[string,hashtable]' 'more', @{})) }
