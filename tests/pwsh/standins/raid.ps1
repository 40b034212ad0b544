# The cmdlets of Storage hand each other what they know by what is piped into them.
function Get-VirtualDisk {
    $Answer.disks | ForEach-Object {
        [PSCustomObject] @{
            FriendlyName = $_.name; ResiliencySettingName = $_.resiliency; NumberOfDataCopies = [uint16] $_.copies
            PhysicalDiskRedundancy = [uint16] $_.redundancy; NumberOfColumns = [uint16] $_.columns; HealthStatus = New-StandinCode $_.health
            OperationalStatus = @($_.states | ForEach-Object { New-StandinCode $_ }); IsManualAttach = $_.manual; It = $_
        }
    }
}
function Get-PhysicalDisk {
    [CmdletBinding()] param($VirtualDisk)
    $VirtualDisk.It.members | ForEach-Object {
        # One state is no list.
        [PSCustomObject] @{
            DeviceId = $_.name; SerialNumber = $_.serial; HealthStatus = New-StandinCode $_.health; Usage = New-StandinCode $_.usage
            OperationalStatus = if ($_.states.Count -eq 1) { New-StandinCode $_.states[0] } else { @($_.states | ForEach-Object { New-StandinCode $_ }) }
        }
    }
}
function Get-Disk {
    [CmdletBinding()] param([Parameter(ValueFromPipeline)] $InputObject)
    process {
        if ($InputObject.It.number -lt 0) { return $PSCmdlet.WriteError((New-StandinError 'CmdletizationQuery_NotFound' 'ObjectNotFound' 'Aucun disque')) }
        [PSCustomObject] @{ Number = [uint32] $InputObject.It.number; IsReadOnly = $InputObject.It.read_only; IsOffline = $InputObject.It.offline; It = $InputObject.It }
    }
}
# The reserved partition has no volume and no path.
function Get-Partition {
    [CmdletBinding()] param([Parameter(ValueFromPipeline)] $InputObject)
    process {
        $InputObject.It.volumes | ForEach-Object { [PSCustomObject] @{ AccessPaths = if ($_.paths) { [string[]] $_.paths } else { $null }; IsReadOnly = $_.read_only; It = $_ } }
    }
}
function Get-Volume {
    [CmdletBinding()] param([Parameter(ValueFromPipeline)] $InputObject)
    process {
        if ($InputObject.It.file_system) { [PSCustomObject] @{ FileSystem = $InputObject.It.file_system } }
        else { $PSCmdlet.WriteError((New-StandinError 'CmdletizationQuery_NotFound' 'ObjectNotFound' 'Aucun volume')) }
    }
}
