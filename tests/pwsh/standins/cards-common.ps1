# The cards of an answer, each on its bus.
foreach ($one in $Answer.adapters) {
    if ($one.location) { Set-StandinKey "HKLM:\SYSTEM\CurrentControlSet\Enum\PCI\$($one.index)" @{ LocationInformation = $one.location } }
}

function Get-NetAdapter {
    foreach ($one in $Answer.adapters) {
        [PSCustomObject] @{
            InterfaceIndex = [uint32] $one.index; Name = $one.alias; MacAddress = $one.mac; PermanentAddress = $one.own_mac
            HardwareInterface = $one.hardware; NdisPhysicalMedium = New-StandinCode $one.medium
            InterfaceAdminStatus = New-StandinCode $one.admin; PnPDeviceID = "PCI\$($one.index)"
        }
    }
}
