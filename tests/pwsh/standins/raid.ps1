# The cmdlets of Storage hand each other what they know by what is piped into them. What its classes have as numbers they
# show as words.
$words = 'HealthStatus', 'OperationalStatus', 'Usage'
function New-StandinStorage($it, [hashtable] $held) {
    $made = New-StandinObject $held $words
    Add-Member -InputObject $made -NotePropertyName It -NotePropertyValue $it
    $made
}
function Get-VirtualDisk {
    foreach ($one in $Answer.disks) {
        New-StandinStorage $one @{
            FriendlyName = $one.name; ResiliencySettingName = $one.resiliency; NumberOfDataCopies = [uint16] $one.copies
            PhysicalDiskRedundancy = [uint16] $one.redundancy; NumberOfColumns = [uint16] $one.columns; HealthStatus = [uint16] $one.health
            OperationalStatus = [uint16[]] $one.states; IsManualAttach = $one.manual
        }
    }
}
function Get-PhysicalDisk {
    [CmdletBinding()] param($VirtualDisk)
    foreach ($one in $VirtualDisk.It.members) {
        New-StandinStorage $one @{
            DeviceId = $one.name; SerialNumber = $one.serial; HealthStatus = [uint16] $one.health; Usage = [uint16] $one.usage
            OperationalStatus = [uint16[]] $one.states
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
        if ($null -eq $InputObject) {
            New-StandinObject @{ GptType = '{c12a7328-f81f-11d2-ba4b-00a0c93ec93b}'; MbrType = $null } @('MbrType')
            for ($at = 0; $at -lt $Answer.dynamic; $at++) {
                if ($at % 2) { New-StandinObject @{ GptType = $null; MbrType = [uint16] 0x42 } @('MbrType') }
                else { New-StandinObject @{ GptType = '{af9b60a0-1431-4f62-bc68-3311714a69ad}'; MbrType = $null } @('MbrType') }
            }
            return
        }
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
