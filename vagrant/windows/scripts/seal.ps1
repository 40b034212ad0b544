# Generalises the machine: sysprep makes it one that becomes another machine (another SID, another name) at its next
# start, and powers it off. It returns at once; when sysprep refuses, its log says why (sysprep-log.ps1).
param(
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
# Sysprep refuses a client on which the first user has Store applications that new users would not get.
if (Get-Command -Name Get-AppxProvisionedPackage -ErrorAction SilentlyContinue) {
    $kept = @(Get-AppxProvisionedPackage -Online | ForEach-Object { $_.DisplayName })
    foreach ($package in @(Get-AppxPackage -AllUsers | Where-Object { -not $_.NonRemovable -and -not $_.IsFramework })) {
        if ($kept -notcontains $package.Name) { Remove-AppxPackage -Package $package.PackageFullName -AllUsers -ErrorAction SilentlyContinue }
    }
}
Optimize-Volume -DriveLetter C -ReTrim -ErrorAction SilentlyContinue
$sysprep = "$env:SystemRoot\System32\Sysprep"
Copy-Item -LiteralPath 'C:\ProgramData\Epreuve\oobe.xml' -Destination "$sysprep\unattend.xml" -Force
Remove-Item -LiteralPath 'C:\ProgramData\Epreuve\state.json' -Force
$arguments = @('/generalize', '/oobe', '/shutdown', '/quiet', "/unattend:$sysprep\unattend.xml")
[void] (Start-Process -FilePath "$sysprep\sysprep.exe" -ArgumentList $arguments)
[Environment]::Exit(0)
