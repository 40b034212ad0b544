if ($null -ne $Answer.server) {
    function Get-WBPolicy {
        if (-not $Answer.server.policy) { return }
        [PSCustomObject] @{
            Schedule = @($Answer.server.times | ForEach-Object { [DateTime] "2026-11-26T$_" })
            VolumesToBackup = @($Answer.server.volumes | ForEach-Object { [PSCustomObject] @{ MountPath = $_ } })
            FilesSpecsToBackup = @($Answer.server.files | ForEach-Object { [PSCustomObject] @{ FilePath = $_ } })
            BackupTargets = @($Answer.server.targets | ForEach-Object { [PSCustomObject] @{ Label = $_.Split('|')[0]; TargetPath = $_.Split('|')[1] } })
            SystemState = $Answer.server.system_state; BMR = $Answer.server.bare_metal
        }
    }
    # Of what never was the summary tells the first day of time.
    function Get-WBSummary {
        [PSCustomObject] @{ LastSuccessfulBackupTime = if ($Answer.server.last_success) { ([DateTime] $Answer.server.last_success).ToLocalTime() } else { [DateTime]::MinValue } }
    }
}
Add-StandinOtherProfiles
foreach ($one in $Answer.histories) {
    $folder = Add-StandinProfile $one.sid
    $settings = "$folder/AppData/Local/Microsoft/Windows/FileHistory/Configuration"
    [void] [IO.Directory]::CreateDirectory($settings)
    [IO.File]::WriteAllText("$settings/Config1.xml", "<?xml version=""1.0"" encoding=""UTF-8""?>
<DataProtectionUserConfig><UserName>$($one.sid)</UserName><Target><TargetName>nas</TargetName><TargetUrl>$($one.target)</TargetUrl></Target>
<DPFrequency>$($one.frequency_s)</DPFrequency><DPStatus>$($one.status)</DPStatus></DataProtectionUserConfig>")
}
