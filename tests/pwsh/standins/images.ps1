# A Windows that has just been installed: what is done to it is kept in $StandinDone, its files in Standin.Files. $Fails is
# a program that does not succeed.
$StandinDone = New-Object Collections.ArrayList
foreach ($drive in 'E:\guest-agent\qemu-ga-x86_64.msi', 'C:\ProgramData\Epreuve\winrm.json') { [void] [Standin.Files]::Present.Add($drive) }
Set-StandinKey 'HKLM:\SOFTWARE\Microsoft\ServerManager'

function Add-Standin([string] $what) { [void] $StandinDone.Add($what) }
# Windows Installer and PnPUtil want a restart.
function Start-Process {
    param([string] $FilePath, [string[]] $ArgumentList, [switch] $Wait, [switch] $PassThru, [string] $WindowStyle)
    $name = $FilePath.Substring($FilePath.LastIndexOf('\') + 1)
    Add-Standin "$name $ArgumentList"
    [PSCustomObject] @{ ExitCode = if ($name -eq $Fails) { 1603 } elseif ($name -in 'pnputil.exe', 'msiexec.exe') { 3010 } else { 0 } }
}
function Set-TimeZone { param([string] $Id) Add-Standin "zone $Id" }
function Set-Service { param([string] $Name, [string] $StartupType) Add-Standin "$Name $StartupType" }
function Start-Service { param([string] $Name) Add-Standin "start $Name" }
function Copy-Item { param([string] $LiteralPath, [string] $Destination, [switch] $Force) Add-Standin "copy $LiteralPath $Destination" }
function New-Item {
    param([string] $ItemType, [string] $Path, [switch] $Force)
    if ($Path -like 'HKLM:*') { Set-StandinKey $Path } else { Add-Standin "folder $Path" }
}
function New-ItemProperty {
    param([string] $LiteralPath, [string] $Name, [string] $PropertyType, $Value, [switch] $Force)
    (Get-StandinKey $LiteralPath).Values[$Name] = $Value
}
function Get-UICulture { [PSCustomObject] @{ Name = 'fr-FR' } }
