# A Windows whose installation is nearly right: a service does not run, a device has no driver.
Set-StandinKey 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' @{ EditionID = 'ServerStandardEval'; CurrentBuildNumber = '20348'; UBR = [int] 2227 }
Set-StandinKey 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' @{ NoAutoUpdate = [int] 1 }
foreach ($name in 'QEMU-GA', 'WinRM', 'Spooler') { Add-StandinService $name 4 }
Add-StandinService 'W32Time' 1
Add-StandinCim 'SoftwareLicensingProduct' @(
    [PSCustomObject] @{ ApplicationID = '55c92734-d682-4d71-983e-d6ec3f16059f'; PartialProductKey = 'ABCDE'; LicenseFamily = 'ServerStandardEval'
        LicenseStatus = [uint32] 1; GracePeriodRemaining = [uint32] 259200; EvaluationEndDate = [DateTime]::SpecifyKind([DateTime] '2027-05-25T10:00:00', 'Utc').ToLocalTime() }
    [PSCustomObject] @{ ApplicationID = '55c92734-d682-4d71-983e-d6ec3f16059f'; PartialProductKey = $null; LicenseFamily = 'Office' })
Add-StandinCim 'Win32_PnPEntity' @(
    [PSCustomObject] @{ PNPDeviceID = 'PCI\VEN_1AF4&DEV_1045'; ConfigManagerErrorCode = [uint32] 28 }
    [PSCustomObject] @{ PNPDeviceID = 'PCI\VEN_8086'; ConfigManagerErrorCode = [uint32] 0 })
[Standin.Files]::Held['C:\ProgramData\Epreuve\winrm.json'] = [Text.Encoding]::UTF8.GetBytes('{"thumbprint":"' + 'AB' * 20 + '","sha256":"' + 'a' * 64 + '","port":5986,"host":"SRV"}')
