Add-StandinService 'Winmgmt' 4
if ($Answer.present) {
    Add-StandinService $Answer.name $Answer.status
    $key = "HKLM:\SYSTEM\CurrentControlSet\Services\$($Answer.name)"
    $values = @{ Start = [int] $Answer.start }
    if ($Answer.delayed) { $values.DelayedAutostart = 1 }
    if ($Answer.deleting) { $values.DeleteFlag = 1 }
    Set-StandinKey $key $values
    $number = 0
    foreach ($one in $Answer.triggers) {
        Set-StandinKey "$key\TriggerInfo\$number" @{ Type = [int] $one.type; Action = [int] $one.action }
        $number += 1
    }
}
Add-StandinCim 'Win32_ComputerSystem' @([PSCustomObject] @{ PartOfDomain = [bool] $Answer.joined })
Add-StandinCim 'Win32_Service' @(
    [PSCustomObject] @{ Name = 'Winmgmt'; ExitCode = [uint32] 5 }
    [PSCustomObject] @{ Name = $Answer.name; ExitCode = [uint32] $Answer.exit_code })
