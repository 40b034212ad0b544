# Windows Server Backup (its policy and its last success) and File History of the signed-in users (its settings file).
param(
)
$server = $null
if (Get-Command -Name Get-WBPolicy -ErrorAction SilentlyContinue) {
    $policy = Get-WBPolicy
    $summary = Get-WBSummary
    $last = ''
    if ($summary.LastSuccessfulBackupTime -gt [DateTime]'2000-01-01') {
        $last = $summary.LastSuccessfulBackupTime.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ')
    }
    $server = @{
        policy = $null -ne $policy
        times = @($policy.Schedule | Where-Object { $_ } | ForEach-Object { ([DateTime] $_).ToString('HH:mm') })
        volumes = @($policy.VolumesToBackup | Where-Object { $_ } | ForEach-Object { [string] $_.MountPath })
        files = @($policy.FilesSpecsToBackup | Where-Object { $_ } | ForEach-Object { [string] $_.FilePath })
        targets = @($policy.BackupTargets | Where-Object { $_ } | ForEach-Object { [string] $_.Label + '|' + [string] $_.TargetPath })
        system_state = [bool] $policy.SystemState
        bare_metal = [bool] $policy.BMR
        last_success = $last
    }
}
$histories = New-Object Collections.ArrayList
$users = Get-ChildItem -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList' |
    Where-Object { $_.PSChildName -match '^S-1-(5-21|12-1)-[0-9-]+$' }
foreach ($user in $users) {
    $folder = [Environment]::ExpandEnvironmentVariables([string] $user.GetValue('ProfileImagePath', ''))
    if (-not $folder) { continue }
    $file = Join-Path $folder 'AppData\Local\Microsoft\Windows\FileHistory\Configuration\Config1.xml'
    if (-not [IO.File]::Exists($file) -or $histories.Count -ge 50) { continue }
    $xml = New-Object Xml.XmlDocument
    $xml.XmlResolver = $null
    $xml.Load($file)
    $settings = $xml.DocumentElement
    [void] $histories.Add(@{
            sid = [string] $user.PSChildName; target = [string] $settings.Target.TargetUrl
            frequency_s = [string] $settings.DPFrequency; status = [string] $settings.DPStatus
        })
}
@{ server = $server; histories = @($histories); now = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ') }
