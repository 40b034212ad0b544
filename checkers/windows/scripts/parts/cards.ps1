# The network cards and what else Windows shows as one. A card's place on its bus comes from the registry: it is there
# even while the card is disabled.
function Get-Card {
    Get-NetAdapter | ForEach-Object {
        $place = Get-ItemProperty -LiteralPath "HKLM:\SYSTEM\CurrentControlSet\Enum\$($_.PnPDeviceID)" -ErrorAction SilentlyContinue
        @{
            index = [int] $_.InterfaceIndex; alias = [string] $_.Name; mac = [string] $_.MacAddress
            own_mac = [string] $_.PermanentAddress; hardware = [bool] $_.HardwareInterface
            medium = [int] $_.NdisPhysicalMedium; admin = [int] $_.InterfaceAdminStatus
            location = [string] $place.LocationInformation
        }
    }
}
