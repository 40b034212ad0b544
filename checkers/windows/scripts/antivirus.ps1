# Microsoft Defender: whether it watches, how old its definitions are, and what it was told to leave out.
param(
)
$guard = Get-Service -Name WinDefend -ErrorAction SilentlyContinue
if ($null -eq $guard) { return @{ present = $false; running = $false } }
if ([int] $guard.Status -ne 4) { return @{ present = $true; running = $false } }
$state = Get-MpComputerStatus
$wanted = Get-MpPreference
function Get-List($values) { @($values | Where-Object { $_ } | ForEach-Object { [string] $_ }) }
@{
    present = $true
    running = $true
    service = [bool] $state.AMServiceEnabled
    mode = [string] $state.AMRunningMode
    antivirus = [bool] $state.AntivirusEnabled
    real_time = [bool] $state.RealTimeProtectionEnabled
    behaviour = [bool] $state.BehaviorMonitorEnabled
    tamper = [bool] $state.IsTamperProtected
    definitions_days = [long] $state.AntivirusSignatureAge
    quick_scan_days = [long] $state.QuickScanAge
    full_scan_days = [long] $state.FullScanAge
    scan_day = [int] $wanted.ScanScheduleDay
    paths = @(Get-List $wanted.ExclusionPath)
    extensions = @(Get-List $wanted.ExclusionExtension)
    processes = @(Get-List $wanted.ExclusionProcess)
}
