if ($Answer.present) { Add-StandinService 'WinDefend' $(if ($Answer.running) { 4 } else { 1 }) }

function Get-MpComputerStatus {
    [PSCustomObject] @{
        AMServiceEnabled = $Answer.service; AMRunningMode = $Answer.mode; AntivirusEnabled = $Answer.antivirus
        RealTimeProtectionEnabled = $Answer.real_time; BehaviorMonitorEnabled = $Answer.behaviour; IsTamperProtected = $Answer.tamper
        AntivirusSignatureAge = [uint32] $Answer.definitions_days; QuickScanAge = [uint32] $Answer.quick_scan_days
        FullScanAge = [uint32] $Answer.full_scan_days
    }
}

# An empty list of a preference is null.
function Get-MpPreference {
    [PSCustomObject] @{
        ScanScheduleDay = [byte] $Answer.scan_day
        ExclusionPath = if ($Answer.paths) { [string[]] $Answer.paths } else { $null }
        ExclusionExtension = if ($Answer.extensions) { [string[]] $Answer.extensions } else { $null }
        ExclusionProcess = if ($Answer.processes) { [string[]] $Answer.processes } else { $null }
    }
}
