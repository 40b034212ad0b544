$path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
foreach ($one in $Answer.entries) {
    $root = switch ($one.scope) { '64' { [Standin.Registry]::LocalMachine } '32' { [Standin.Registry]::LocalMachine32 } default { [Standin.Registry]::Users.Make($one.scope) } }
    $key = $root.Make("$path\$($one.key)")
    $key.Values['DisplayName'] = $one.name
    $key.Values['DisplayVersion'] = $one.version
    if ($one.location) { $key.Values['InstallLocation'] = """C:\Program Files\$($one.key)""" }
    if ($one.location -eq 'there') { [void] [Standin.Files]::Folders.Add("C:\Program Files\$($one.key)") }
}
# What is no software: an update of one, a component without a name, the classes of a user.
$machine = [Standin.Registry]::LocalMachine.Make($path)
$machine.Make('KB5000001').Values['DisplayName'] = 'Mise a jour'
$machine.Make('KB5000001').Values['ParentKeyName'] = 'Office'
$machine.Make('AddressBook').Values['Version'] = '1'
$null = [Standin.Registry]::Users.Make("S-1-5-21-1-2-3-1001_Classes\$path\x")

# A server core has no Store; elsewhere there are frameworks, and users for whom an application is staged only.
if ($null -eq $Answer.apps -or @($Answer.apps).Count) {
    function Get-AppxPackage {
        param([switch] $AllUsers)
        if ($null -eq $Answer.apps) { throw [Runtime.InteropServices.COMException]::new('The service cannot be started.', 0x80070422) }
        if (-not $AllUsers) { return }
        foreach ($one in $Answer.apps) {
            $users = @([PSCustomObject] @{ UserSecurityId = 'S-1-5-18'; InstallState = New-StandinCode 1 })
            for ($number = 0; $number -lt $one.users; $number++) { $users += [PSCustomObject] @{ UserSecurityId = "S-1-5-21-1-2-3-$number"; InstallState = 'Installed' } }
            [PSCustomObject] @{ Name = $one.name; Version = $one.version; Status = $one.status; IsFramework = $false; PackageUserInformation = $users }
        }
        [PSCustomObject] @{ Name = 'Microsoft.VCLibs.140.00'; Version = '14.0'; Status = 'Ok'; IsFramework = $true; PackageUserInformation = @() }
    }
}
