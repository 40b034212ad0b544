# What group policies set on this computer, by the resultant set that its policy client keeps (root\rsop, MS-GPOL), and
# what stands in a file or in a value of the registry now (HKLM\key\value; HKCU: of whoever is logged on). logged: whether
# the policy client keeps that set, for the computer and for its users; a policy may tell it not to (RSoPLogging).
param(
    [string] $Path,
    [int] $TextLimit
)
$machine, $everybody = [Microsoft.Win32.Registry]::LocalMachine, [Microsoft.Win32.Registry]::Users
$users = @($everybody.GetSubKeyNames() | Where-Object { $_ -match '^S-1-5-21-[0-9-]+$' })

# The policies that the extensions of the policy client took in, by extension and number. top: of the computer or a user.
function Get-History([Microsoft.Win32.RegistryKey] $hive, [string] $top) {
    $history = $hive.OpenSubKey($top + 'Software\Microsoft\Windows\CurrentVersion\Group Policy\History')
    if ($null -eq $history) { return }
    foreach ($extension in $history.GetSubKeyNames()) {
        $taken = $history.OpenSubKey($extension)
        foreach ($number in $taken.GetSubKeyNames()) {
            $one = $taken.OpenSubKey($number)
            if (-not $one.GetValue('GPOName')) { continue }
            @{
                guid = [string] $one.GetValue('GPOName')
                version = [long] $one.GetValue('Version')
                extension = [string] $extension
                user = $top -ne ''
            }
        }
    }
}

# Whether the set is kept: what the policy says, else the preference (learn.microsoft.com, "Developing an RSoP
# Management Tool"); it is unless one says 0.
function Test-Logging([Microsoft.Win32.RegistryKey] $hive, [string] $top) {
    foreach ($place in 'Software\Policies\Microsoft\Windows\System', 'Software\Microsoft\Windows NT\CurrentVersion\Winlogon') {
        $key = $hive.OpenSubKey($top + $place)
        if ($null -ne $key -and $null -ne $key.GetValue('RSoPLogging')) { return [string] $key.GetValue('RSoPLogging') -ne '0' }
    }
    $true
}

$policies = @(Get-History $machine '') + @($users | ForEach-Object { Get-History $everybody "$_\" })
$logged = @{
    computer = Test-Logging $machine ''
    user = @($users | Where-Object { -not (Test-Logging $everybody "$_\") }).Count -eq 0
}

# The objects of a class. A namespace that is not there (WBEM_E_INVALID_NAMESPACE) has none.
function Get-Logged([string] $space, [string] $class) {
    try { Get-CimInstance -Namespace $space -ClassName $class }
    catch { if ([string] $_.FullyQualifiedErrorId -notlike 'HRESULT 0x8004100e*') { throw } }
}

function Get-Setting([string] $space, [string] $hive) {
    foreach ($one in Get-Logged $space 'RSOP_RegistryPolicySetting') {
        if ($one.deleted -or $one.precedence -ne 1) { continue }
        @{
            policy = [string] $one.GPOID
            extension = 'Registry'
            name = $hive + '\' + [string] $one.registryKey + '\' + [string] $one.valueName
            type = [int] $one.valueType
            data = [Convert]::ToBase64String([byte[]] @($one.value | Where-Object { $null -ne $_ }))
        }
    }
}

# The set begins with a session of the policy client; without one nothing was ever kept.
if (-not @(Get-Logged 'root\rsop\computer' 'RSOP_Session').Count) { $logged.computer = $false }
$settings = @(Get-Setting 'root\rsop\computer' 'HKLM')
foreach ($one in Get-Logged 'root\rsop\computer' 'RSOP_RegistryValue') {
    if ($one.precedence -ne 1) { continue }
    $name = [string] $one.Path -replace '^MACHINE\\', 'HKLM\'
    $settings += @{ policy = [string] $one.GPOID; extension = 'Security'; name = $name; type = -1; data = [string] $one.Data }
}
$spaces = @(Get-Logged 'root\rsop\user' '__NAMESPACE' | Where-Object { $_.Name -like 'S_1_5_21_*' })
if (-not $spaces.Count) { $logged.user = $false }
foreach ($one in $spaces) { $settings += @(Get-Setting ('root\rsop\user\' + $one.Name) 'HKCU') }

function Get-Value([Microsoft.Win32.RegistryKey] $hive, [string] $path) {
    $at = $path.LastIndexOf('\')
    $key = $hive.OpenSubKey($path.Substring(0, [Math]::Max(0, $at)))
    if ($null -eq $key) { return $null }
    $value = $key.GetValue($path.Substring($at + 1), $null, 'DoNotExpandEnvironmentNames')
    if ($null -eq $value) { return $null }
    [string] (@($value) -join "`n")
}

$text = $null
if ($Path -match '^(HKLM|HKEY_LOCAL_MACHINE)\\(.+)$') {
    $text = Get-Value $machine $Matches[2]
}
elseif ($Path -match '^(HKCU|HKEY_CURRENT_USER)\\(.+)$') {
    $inside = $Matches[2]
    foreach ($sid in $users) {
        if ($null -eq $text) { $text = Get-Value $everybody "$sid\$inside" }
    }
}
elseif (Test-Path -LiteralPath $Path -PathType Leaf) {
    $text = [string] [IO.File]::ReadAllText($Path)
}
if ($null -ne $text -and $text.Length -gt $TextLimit) { $text = $text.Substring(0, $TextLimit) }
@{ policies = $policies; settings = $settings; logged = $logged; text = $text }
