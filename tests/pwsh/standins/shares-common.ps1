Add-StandinService 'LanmanServer' 4

function New-StandinShare([string] $name, [string] $path, [string] $rights, [bool] $special = $false, $state = 1, $type = 0) {
    New-StandinObject @{
        Name = $name; Path = $path; Special = $special; ShareType = [uint32] $type; ShareState = [uint32] $state; SecurityDescriptor = "SDDL $rights"
    } 'ShareType', 'ShareState'
}
