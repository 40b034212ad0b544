$policies = 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate'
function Select-StandinSet([hashtable] $values) {
    $kept = @{}
    foreach ($name in $values.Keys) { if ($values[$name] -isnot [long] -or $values[$name] -ne -1) { $kept[$name] = $values[$name] } }
    $kept
}
$policy = Select-StandinSet @{ DisableWindowsUpdateAccess = $Answer.no_access }
if ($Answer.server) { $policy.WUServer = $Answer.server }
if ($policy.Count) { Set-StandinKey $policies $policy }
$automatic = Select-StandinSet @{
    NoAutoUpdate = $Answer.no_auto_update; AUOptions = $Answer.options; ScheduledInstallDay = $Answer.scheduled_day; UseWUServer = $Answer.use_server
}
if ($automatic.Count) { Set-StandinKey "$policies\AU" $automatic }
if ($Answer.paused_until) {
    Set-StandinKey 'HKLM:\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings' @{ PauseUpdatesExpiryTime = $Answer.paused_until.ToString('yyyy-MM-ddTHH:mm:ssZ') }
}
foreach ($one in $Answer.services) { Set-StandinKey "HKLM:\SYSTEM\CurrentControlSet\Services\$($one.name)" @{ Start = [int] $one.start } }
Add-StandinCim 'Win32_OperatingSystem' @([PSCustomObject] @{ ProductType = [uint32] $Answer.product })
