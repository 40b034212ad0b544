# What group policies set on this computer, by the resultant set that its policy client keeps (root\rsop, MS-GPOL), and
# what stands in a file or in a value of the registry now (HKLM\key\value; HKCU: of whoever is logged on).
param(
    [string] $Path,
    [int] $TextLimit
)
$history = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Group Policy\History'
$policies = @(if (Test-Path -LiteralPath $history) {
        foreach ($one in Get-ChildItem -LiteralPath $history -Recurse) {
            if ($one.GetValue('GPOName')) { @{ guid = [string] $one.GetValue('GPOName'); version = [long] $one.GetValue('Version') } }
        }
    })

function Get-Setting([string] $space, [string] $hive) {
    foreach ($one in Get-CimInstance -Namespace $space -ClassName RSOP_RegistryPolicySetting) {
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

$settings = @(Get-Setting 'root\rsop\computer' 'HKLM')
foreach ($one in Get-CimInstance -Namespace 'root\rsop\computer' -ClassName RSOP_RegistryValue) {
    if ($one.precedence -ne 1) { continue }
    $name = [string] $one.Path -replace '^MACHINE\\', 'HKLM\'
    $settings += @{ policy = [string] $one.GPOID; extension = 'Security'; name = $name; type = -1; data = [string] $one.Data }
}
foreach ($user in Get-CimInstance -Namespace 'root\rsop\user' -ClassName __NAMESPACE) {
    if ($user.Name -like 'S_1_5_21_*') { $settings += @(Get-Setting ('root\rsop\user\' + $user.Name) 'HKCU') }
}

function Get-Value([Microsoft.Win32.RegistryKey] $hive, [string] $path) {
    $at = $path.LastIndexOf('\')
    $key = $hive.OpenSubKey($path.Substring(0, [Math]::Max(0, $at)))
    if ($null -eq $key) { return $null }
    $value = $key.GetValue($path.Substring($at + 1), $null, 'DoNotExpandEnvironmentNames')
    if ($null -ne $value) { [string] (@($value) -join "`n") }
}

$text = $null
if ($Path -match '^(HKLM|HKEY_LOCAL_MACHINE)\\(.+)$') {
    $text = Get-Value ([Microsoft.Win32.Registry]::LocalMachine) $Matches[2]
}
elseif ($Path -match '^(HKCU|HKEY_CURRENT_USER)\\(.+)$') {
    $inside = $Matches[2]
    foreach ($sid in [Microsoft.Win32.Registry]::Users.GetSubKeyNames()) {
        if ($null -eq $text -and $sid -match '^S-1-5-21-[0-9-]+$') {
            $text = Get-Value ([Microsoft.Win32.Registry]::Users) "$sid\$inside"
        }
    }
}
elseif (Test-Path -LiteralPath $Path -PathType Leaf) {
    $text = [string] [IO.File]::ReadAllText($Path)
}
if ($null -ne $text -and $text.Length -gt $TextLimit) { $text = $text.Substring(0, $TextLimit) }
@{ policies = $policies; settings = $settings; text = $text }
