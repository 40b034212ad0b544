$device = if ($Answer.mounted) { $Answer.device } else { '\\?\Volume{0}\' }
$name = ([string] $Arguments.Path).TrimEnd('\') + '\'
Add-StandinCim 'Win32_Volume' @(
    [PSCustomObject] @{ Name = 'Z:\'; DeviceID = '\\?\Volume{1}\'; FileSystem = 'FAT32' }
    if ($Answer.mounted) { [PSCustomObject] @{ Name = $name; DeviceID = $device; FileSystem = $Answer.file_system } })
if ($null -ne $Answer.locker) {
    Add-StandinCim 'Win32_EncryptableVolume' @(
        [PSCustomObject] @{ DeviceID = $device }, [PSCustomObject] @{ DeviceID = '\\?\Volume{1}\' }) 'root/cimv2/Security/MicrosoftVolumeEncryption'
}
function Invoke-CimMethod {
    param([object] $InputObject, [string] $MethodName)
    [PSCustomObject] @{ ProtectionStatus = [uint32] $(if ($InputObject.DeviceID -eq $device) { $Answer.locker.protection } else { 2 }); ReturnValue = [uint32] 0 }
}
function Get-Partition {
    [PSCustomObject] @{ DiskNumber = [uint32] 9; AccessPaths = $null }
    [PSCustomObject] @{ DiskNumber = [uint32] $(if ($Answer.container -match '^disk(\d+)$') { $Matches[1] } else { 4 }); AccessPaths = [string[]] @($name, $device) }
}
# Disks in files are of bus type 15.
function Get-Disk {
    param($Number)
    $file = $Answer.container -notmatch '^disk'
    New-StandinObject @{
        Number = [uint32] $Number; BusType = [uint16] $(if ($file) { 15 } else { 10 }); Location = if ($file) { $Answer.container } else { 'PCI Slot 3' }
    } 'BusType'
}
