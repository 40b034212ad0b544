# Equips a Windows that has just been installed, from the answer disc and the virtio-win disc: drivers, guest agent,
# clock, power, updates, WinRM. Its state is in C:\ProgramData\Epreuve\state.json: the builder reads it over the agent.
param(
    [string] $Drivers
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Here = 'C:\ProgramData\Epreuve'
$Answers = $PSScriptRoot

function Set-State([string] $step, [string] $failure) {
    $state = ConvertTo-Json -Compress @{ step = $step; failure = $failure; at = [DateTime]::UtcNow.ToString('s') + 'Z' }
    [IO.File]::WriteAllText("$Here\state.json", $state, (New-Object Text.UTF8Encoding $false))
}

function Invoke-Program([string] $program, [string[]] $arguments, [int[]] $good) {
    # Windows Installer and PnPUtil answer 3010 (1641) when a restart is needed, PnPUtil 259 when there was nothing to do.
    $process = Start-Process -FilePath $program -ArgumentList $arguments -Wait -PassThru -WindowStyle Hidden
    if ($good -notcontains $process.ExitCode) { throw "$program $($arguments -join ' '): exit code $($process.ExitCode)" }
}

function Set-Value([string] $key, [string] $name, [int] $value) {
    if (-not (Test-Path -LiteralPath $key)) { [void] (New-Item -Path $key -Force) }
    [void] (New-ItemProperty -LiteralPath $key -Name $name -PropertyType DWord -Value $value -Force)
}

function Get-Disc([string] $file) {
    foreach ($drive in [IO.DriveInfo]::GetDrives()) {
        if ($drive.IsReady -and (Test-Path -LiteralPath ($drive.Name + $file))) { return $drive.Name }
    }
    throw "no disc has $file"
}

[void] (New-Item -ItemType Directory -Path $Here -Force)
try {
    Set-State 'drivers' ''
    $virtio = Get-Disc 'guest-agent\qemu-ga-x86_64.msi'
    foreach ($driver in @('viostor', 'vioscsi', 'NetKVM', 'vioserial', 'viorng', 'vioinput')) {
        Invoke-Program "$env:SystemRoot\System32\pnputil.exe" @('/add-driver', "$virtio$driver\$Drivers\amd64\*.inf", '/install') @(0, 259, 3010)
    }
    Set-State 'agent' ''
    Invoke-Program "$env:SystemRoot\System32\msiexec.exe" @('/i', "${virtio}guest-agent\qemu-ga-x86_64.msi", '/qn', '/norestart') @(0, 1641, 3010)

    Set-State 'settings' ''
    # The machine's hardware clock is in UTC, as those of the other machines of a bench.
    Set-Value 'HKLM:\SYSTEM\CurrentControlSet\Control\TimeZoneInformation' 'RealTimeIsUniversal' 1
    Set-TimeZone -Id 'Romance Standard Time'
    Set-Service -Name W32Time -StartupType Automatic
    Start-Service -Name W32Time
    foreach ($what in @('standby-timeout-ac', 'standby-timeout-dc', 'hibernate-timeout-ac', 'monitor-timeout-ac', 'disk-timeout-ac')) {
        Invoke-Program "$env:SystemRoot\System32\powercfg.exe" @('/change', $what, '0') @(0)
    }
    Invoke-Program "$env:SystemRoot\System32\powercfg.exe" @('/hibernate', 'off') @(0)
    # No update comes by itself. A lab that asks for updates takes this away in its set-up.
    Set-Value 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' 'NoAutoUpdate' 1
    if (Test-Path -LiteralPath 'HKLM:\SOFTWARE\Microsoft\ServerManager') {
        Set-Value 'HKLM:\SOFTWARE\Microsoft\ServerManager' 'DoNotOpenServerManagerAtLogon' 1
    }

    Set-State 'winrm' ''
    foreach ($file in @('winrm.ps1', 'oobe.xml')) { Copy-Item -LiteralPath "$Answers\$file" -Destination $Here -Force }
    # The answers hold a password: for the system and administrators only (by their SIDs).
    Invoke-Program "$env:SystemRoot\System32\icacls.exe" @($Here, '/inheritance:r', '/grant', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F') @(0)
    & "$Here\winrm.ps1"

    # What runs at the first start of each machine made from the image, once sysprep has made it another machine.
    $scripts = "$env:SystemRoot\Setup\Scripts"
    [void] (New-Item -ItemType Directory -Path $scripts -Force)
    Copy-Item -LiteralPath "$Answers\SetupComplete.cmd" -Destination $scripts -Force
    Set-State 'done' ''
}
catch {
    Set-State 'failed' ([string] $_)
}
