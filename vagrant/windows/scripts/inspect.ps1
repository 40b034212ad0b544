# What the builder must know before it seals an image, as one line of JSON: which Windows it is, what is not right, how
# long an evaluation has left, and the certificate of WinRM. Numbers for enumerations, times in UTC.
param(
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Threading.Thread]::CurrentThread.CurrentCulture = [Globalization.CultureInfo]::InvariantCulture
$version = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$windows = '55c92734-d682-4d71-983e-d6ec3f16059f'
$licences = @(Get-CimInstance -ClassName SoftwareLicensingProduct -Filter "ApplicationID='$windows' AND PartialProductKey IS NOT NULL")
$found = @(foreach ($one in $licences) {
    $end = ''
    if ($one.EvaluationEndDate -and $one.EvaluationEndDate.Year -gt 1601) { $end = $one.EvaluationEndDate.ToUniversalTime().ToString('s') + 'Z' }
    @{ family = [string] $one.LicenseFamily; status = [int] $one.LicenseStatus; minutes_left = [long] $one.GracePeriodRemaining; end = $end }
})
$broken = @(Get-CimInstance -ClassName Win32_PnPEntity -Filter 'ConfigManagerErrorCode <> 0' | ForEach-Object { [string] $_.PNPDeviceID })
$running = @(foreach ($name in @('QEMU-GA', 'WinRM', 'W32Time')) {
    if ((Get-Service -Name $name -ErrorAction SilentlyContinue).Status -eq 4) { $name }
})
$answer = @{
    edition = [string] $version.EditionID
    build = [int] $version.CurrentBuildNumber
    revision = [int] $version.UBR
    language = [string] (Get-UICulture).Name
    now = [DateTime]::UtcNow.ToString('s') + 'Z'
    licences = $found
    broken_devices = $broken
    running = $running
    updates_off = [int] (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU').NoAutoUpdate
    winrm = [string] [IO.File]::ReadAllText('C:\ProgramData\Epreuve\winrm.json')
}
[Console]::Out.WriteLine((ConvertTo-Json -InputObject $answer -Depth 5 -Compress))
[Environment]::Exit(0)
