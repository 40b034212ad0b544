# The volume whose root is a path (a drive, or a folder in which it is mounted), what it is encrypted with (BitLocker, in
# numbers) and the file that holds it, if it is a virtual disk.
param(
    [string] $Path
)
# part: held
$whole = [IO.Path]::GetFullPath($Path).TrimEnd('\') + '\'
$volume = $null
foreach ($one in Get-CimInstance -ClassName Win32_Volume) { if ([string] $one.Name -eq $whole) { $volume = $one } }
if ($null -eq $volume) { return @{ mounted = $false } }
$locker = $null
try {
    foreach ($one in Get-CimInstance -Namespace root/cimv2/Security/MicrosoftVolumeEncryption -ClassName Win32_EncryptableVolume) {
        if ([string] $one.DeviceID -eq [string] $volume.DeviceID) {
            $guard = Invoke-CimMethod -InputObject $one -MethodName GetProtectionStatus
            $locker = @{ protection = [int] $guard.ProtectionStatus }
        }
    }
}
catch {
    # Where BitLocker is no part of Windows its classes are not there: nothing is encrypted by it.
    if ($_.Exception.HResult -ne -2147217394 -and [string] $_.FullyQualifiedErrorId -notlike 'HRESULT 0x8004100e*') { throw }
}
$container = ''
$partition = Get-Partition | Where-Object { @($_.AccessPaths) -contains [string] $volume.DeviceID } | Select-Object -First 1
if ($partition) {
    $disk = Get-Disk -Number $partition.DiskNumber
    $container = if ([int] (Get-Held $disk 'BusType') -eq 15) { [string] $disk.Location } else { "disk$([int] $disk.Number)" }
}
@{
    mounted = $true
    file_system = [string] $volume.FileSystem
    device = [string] $volume.DeviceID
    locker = $locker
    container = $container
}
