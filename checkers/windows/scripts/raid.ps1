# Storage Spaces: virtual disks with their physical disks, and where their volumes are. In numbers; nothing is repaired.
# dynamic: how many partitions are those of dynamic disks (LDM), by their types, GPT or MBR: what is on them is not told.
param(
)
# part: held
$disks = @(Get-VirtualDisk | ForEach-Object {
        $virtual = $_
        $members = @(Get-PhysicalDisk -VirtualDisk $virtual | ForEach-Object {
                @{
                    name = [string] $_.DeviceId; serial = [string] $_.SerialNumber; health = [int] (Get-Held $_ 'HealthStatus')
                    usage = [int] (Get-Held $_ 'Usage'); states = @(Get-Held $_ 'OperationalStatus' | ForEach-Object { [int] $_ })
                }
            })
        $disk = $virtual | Get-Disk -ErrorAction SilentlyContinue
        $volumes = @()
        if ($null -ne $disk) {
            $volumes = @($disk | Get-Partition | ForEach-Object {
                    $partition = $_
                    $volume = $partition | Get-Volume -ErrorAction SilentlyContinue
                    @{
                        paths = @($partition.AccessPaths | Where-Object { $_ } | ForEach-Object { [string] $_ })
                        file_system = [string] $volume.FileSystem; read_only = [bool] $partition.IsReadOnly
                    }
                })
        }
        @{
            name = [string] $virtual.FriendlyName; resiliency = [string] $virtual.ResiliencySettingName
            copies = [int] $virtual.NumberOfDataCopies; redundancy = [int] $virtual.PhysicalDiskRedundancy
            columns = [int] $virtual.NumberOfColumns; health = [int] (Get-Held $virtual 'HealthStatus')
            states = @(Get-Held $virtual 'OperationalStatus' | ForEach-Object { [int] $_ })
            manual = [bool] $virtual.IsManualAttach; number = if ($null -ne $disk) { [int] $disk.Number } else { -1 }
            read_only = if ($null -ne $disk) { [bool] $disk.IsReadOnly } else { $false }
            offline = if ($null -ne $disk) { [bool] $disk.IsOffline } else { $true }
            members = $members; volumes = $volumes
        }
    })
$kinds = '{5808C8AA-7E8F-42E0-85D2-E1E90434CFB3}', '{AF9B60A0-1431-4F62-BC68-3311714A69AD}'
$dynamic = @(Get-Partition | Where-Object { $kinds -contains [string] (Get-Held $_ 'GptType') -or [int] (Get-Held $_ 'MbrType') -eq 0x42 }).Count
@{ disks = $disks; dynamic = $dynamic }
