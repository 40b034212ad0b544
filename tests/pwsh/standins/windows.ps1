# What all stand-ins share: the registry, services, CIM classes, and files that are only said to be there. $Standins is
# this folder, $Answer the answer of a golden, $Work an empty folder.
if (-not ('Standin.Key' -as [type])) { Add-Type -Path "$Standins/Windows.cs" }
[Standin.Registry]::Reset()
[Standin.Accounts]::Names.Clear()
[Standin.Files]::Present.Clear()
[Standin.Files]::Folders.Clear()
[Standin.Files]::Held.Clear()
$StandinServices = New-Object Collections.ArrayList
$StandinCim = @{}

function New-StandinCode($number) { [Enum]::ToObject([Standin.Code], [long] $number) }

# An object of a class: what it holds, and in the place of a number the word that a command of Windows shows for it.
function New-StandinObject([hashtable] $held, [string[]] $words) {
    $shown = @{ CimInstanceProperties = @{} }
    foreach ($name in $held.Keys) {
        $shown.CimInstanceProperties[$name] = [PSCustomObject] @{ Name = $name; Value = $held[$name] }
        $shown[$name] = if ($words -contains $name) { @($held[$name] | ForEach-Object { "Word $_" }) } else { $held[$name] }
    }
    [PSCustomObject] $shown
}

function Set-StandinKey([string] $path, [hashtable] $values = @{}) {
    $key = [Standin.Registry]::Root($path).Make([Standin.Registry]::Inside($path))
    foreach ($name in $values.Keys) { $key.Values[$name] = $values[$name] }
}

function Get-StandinKey([string] $path) {
    $inside = [Standin.Registry]::Inside($path)
    if (-not $inside) { return [Standin.Registry]::Root($path) }
    [Standin.Registry]::Root($path).OpenSubKey($inside)
}

# As a cmdlet says it: $ErrorActionPreference, or -ErrorAction of the function that calls, decides what becomes of it.
function New-StandinError([string] $id, [string] $category, [string] $message) {
    New-Object Management.Automation.ErrorRecord (New-Object InvalidOperationException $message), $id, $category, $null
}

function Test-StandinRegistry([string] $path) { $path -match '^(HKLM:|Registry::)' }

function Get-ItemProperty {
    [CmdletBinding()] param([Parameter(Mandatory)] [string] $LiteralPath)
    $key = Get-StandinKey $LiteralPath
    if ($null -eq $key) { return $PSCmdlet.WriteError((New-StandinError 'PathNotFound' 'ObjectNotFound' "Cannot find path '$LiteralPath' because it does not exist.")) }
    # A key without values gives nothing at all.
    if ($key.Values.Count -eq 0) { return }
    $found = @{ PSPath = $LiteralPath; PSChildName = $key.Name }
    foreach ($name in $key.Values.Keys) { $found[$name] = $key.Values[$name] }
    [PSCustomObject] $found
}

function Get-StandinChild($key, [bool] $deep) {
    foreach ($name in $key.GetSubKeyNames()) {
        $child = $key.OpenSubKey($name)
        Add-Member -InputObject $child -NotePropertyName PSChildName -NotePropertyValue $name -Force
        $child
        if ($deep) { Get-StandinChild $child $deep }
    }
}

function Get-ChildItem {
    [CmdletBinding()] param([string] $LiteralPath, [string] $Path, [switch] $Recurse, [switch] $Directory, [switch] $File, [switch] $Force, [string] $Filter, [int] $Depth)
    if (-not (Test-StandinRegistry $LiteralPath)) { return Microsoft.PowerShell.Management\Get-ChildItem @PSBoundParameters }
    $key = Get-StandinKey $LiteralPath
    if ($null -eq $key) { return $PSCmdlet.WriteError((New-StandinError 'PathNotFound' 'ObjectNotFound' "Cannot find path '$LiteralPath' because it does not exist.")) }
    Get-StandinChild $key ([bool] $Recurse)
}

function Test-Path {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $LiteralPath, [string] $PathType = 'Any')
    if (Test-StandinRegistry $LiteralPath) { return $null -ne (Get-StandinKey $LiteralPath) }
    ($PathType -ne 'Container' -and [Standin.Files]::Exists($LiteralPath)) -or ($PathType -ne 'Leaf' -and [Standin.Folders]::Exists($LiteralPath))
}

# A user's entry in the list of profiles; its folder.
function Add-StandinProfile([string] $sid, [string] $folder = "$Work/$sid") {
    Set-StandinKey "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$sid" @{ ProfileImagePath = $folder }
    $folder
}
# What else is in that list: the profiles of services, one whose folder is gone, and one that names no folder.
function Add-StandinOtherProfiles {
    [void] (Add-StandinProfile 'S-1-5-18' '%systemroot%\system32\config\systemprofile')
    [void] (Add-StandinProfile 'S-1-5-19' '%systemroot%\ServiceProfiles\LocalService')
    [void] (Add-StandinProfile 'S-1-5-21-7-7-7-1999' "$Work/none")
    Set-StandinKey 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\S-1-5-21-7-7-7-2000' @{ Flags = 0 }
}

function Add-StandinService([string] $name, $status) {
    [void] $StandinServices.Add([PSCustomObject] @{ Name = $name; ServiceName = $name; DisplayName = "Service de $name"; Status = (New-StandinCode $status) })
}

function Get-Service {
    [CmdletBinding()] param([string] $Name)
    if (-not $Name) { return $StandinServices.ToArray() }
    $found = @($StandinServices | Where-Object { $_.Name -eq $Name })
    if ($found.Count) { return $found }
    $PSCmdlet.WriteError((New-StandinError 'NoServiceFoundForGivenName' 'ObjectNotFound' "Cannot find any service with service name '$Name'."))
}

function Add-StandinCim([string] $class, $instances, [string] $namespace = 'root/cimv2') { $StandinCim["$namespace|$class"] = @($instances) }

# A condition of WQL: NAME = VALUE, NAME <> VALUE, NAME LIKE VALUE, joined by AND.
function Test-StandinWql($instance, [string] $filter) {
    foreach ($condition in $filter -split ' AND ') {
        if ($condition -notmatch "^\s*(\w+)\s*(=|<>|LIKE|IS NOT)\s*'?(.*?)'?\s*$") { throw "WQL: $condition" }
        $has = [string] $instance.($Matches[1])
        $want = $Matches[3].Replace("\'", "'")
        $holds = switch ($Matches[2]) {
            '=' { $has -eq $want }
            '<>' { $has -ne $want }
            'LIKE' { $has -like $want.Replace('%', '*') }
            'IS NOT' { $has -ne '' }
        }
        if (-not $holds) { return $false }
    }
    $true
}

function Get-CimInstance {
    [CmdletBinding()] param([string] $ClassName, [string] $Namespace = 'root/cimv2', [string] $Filter)
    $space = $Namespace.Replace('\', '/')
    $source = 'Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand'
    if (-not @($StandinCim.Keys | Where-Object { $_ -like "$space|*" })) {
        return $PSCmdlet.WriteError((New-StandinError "HRESULT 0x8004100e,$source" 'MetadataError' 'Espace de noms non valide'))
    }
    if (-not $StandinCim.ContainsKey("$space|$ClassName")) {
        return $PSCmdlet.WriteError((New-StandinError "HRESULT 0x80041010,$source" 'MetadataError' 'Classe non valide'))
    }
    $StandinCim["$space|$ClassName"] | Where-Object { $null -ne $_ -and (-not $Filter -or (Test-StandinWql $_ $Filter)) }
}

# A property that was not given is there, and null, as those of CIM are; what was given keeps its type.
function New-StandinRow([hashtable] $properties) { [PSCustomObject] $properties }
