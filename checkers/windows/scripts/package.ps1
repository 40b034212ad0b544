# What is said to be installed: the Uninstall keys of the machine (64 and 32 bits) and of each signed-in user, and the
# applications of the Store with the number of users who have them. Never Win32_Product: asking it repairs what it finds.
# winget keeps no list of its own: what it installs is in one of these.
param(
)
$path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
$found = New-Object Collections.ArrayList

function Add-Entry($root, [string] $where, [string] $scope) {
    $folder = $root.OpenSubKey($where)
    if ($null -eq $folder) { return }
    foreach ($name in $folder.GetSubKeyNames()) {
        $key = $folder.OpenSubKey($name)
        $title = [string] $key.GetValue('DisplayName', '')
        if ($title -and -not [string] $key.GetValue('ParentKeyName', '')) {
            $location = ([string] $key.GetValue('InstallLocation', '')).Trim('"', ' ')
            $state = ''
            if ($location -match '^[A-Za-z]:\\[^\\]') { $state = if ([IO.Directory]::Exists($location)) { 'there' } else { 'gone' } }
            [void] $found.Add(@{
                    key = [string] $name; name = $title; version = [string] $key.GetValue('DisplayVersion', '')
                    scope = $scope; location = $state
                })
        }
        $key.Dispose()
    }
    $folder.Dispose()
}

foreach ($bits in @(64, 32)) {
    $view = [Microsoft.Win32.RegistryView]::Registry64
    if ($bits -eq 32) { $view = [Microsoft.Win32.RegistryView]::Registry32 }
    $machine = [Microsoft.Win32.RegistryKey]::OpenBaseKey([Microsoft.Win32.RegistryHive]::LocalMachine, $view)
    Add-Entry $machine $path "$bits"
    $machine.Dispose()
}
$users = [Microsoft.Win32.Registry]::Users
foreach ($sid in $users.GetSubKeyNames()) {
    if ($sid -match '^S-1-(5-21|12-1)-[0-9-]+$') { Add-Entry $users "$sid\$path" $sid }
}
$apps = $null
try {
    $apps = @(Get-AppxPackage -AllUsers | Where-Object { -not $_.IsFramework } | ForEach-Object {
            $users = @($_.PackageUserInformation | Where-Object { [string] $_.InstallState -eq 'Installed' })
            @{ name = [string] $_.Name; version = [string] $_.Version; users = $users.Count; status = [string] $_.Status }
        })
}
# A Windows without these commands has no Store; one whose Store does not answer may have anything.
catch [Management.Automation.CommandNotFoundException] { $apps = @() }
catch { $apps = $null }
@{ entries = @($found); apps = $apps }
