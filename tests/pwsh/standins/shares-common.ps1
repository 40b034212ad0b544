Add-StandinService 'LanmanServer' 4

function New-StandinShare([string] $name, [string] $path, [string] $rights, [bool] $special = $false, $state = 1, $type = 0) {
    [PSCustomObject] @{
        Name = $name; Path = $path; Special = $special; ShareType = New-StandinCode $type; ShareState = New-StandinCode $state
        SecurityDescriptor = "SDDL $rights"
    }
}
