if ($Answer.installed) { Add-StandinService 'Spooler' $(if ($Answer.running) { 4 } else { 1 }) }
Add-StandinCim 'Win32_ComputerSystem' @([PSCustomObject] @{ UserName = if ($Answer.console) { 'POSTE\technicien' } else { $null } })
if ($Answer.console) { [Standin.Accounts]::Names[$Answer.console] = 'POSTE\technicien' }
if ($Answer.running) {
    Add-StandinCim 'Win32_TCPIPPrinterPort' @($Answer.ports | ForEach-Object {
            [PSCustomObject] @{ Name = $_.name; HostAddress = $_.host; PortNumber = [uint32] $_.port; Protocol = [uint32] $_.protocol; Queue = if ($_.queue) { $_.queue } else { $null } }
        })
}
else {
    foreach ($one in $Answer.printers) {
        Set-StandinKey "HKLM:\SYSTEM\CurrentControlSet\Control\Print\Printers\$($one.name)" @{ Port = $one.port; Attributes = if ($one.shared) { 0x848 } else { 0x840 }; Status = [int] $one.status }
    }
}
$files = @{ 'COM1:' = '9600,n,8,1'; 'PORTPROMPT:' = '' }
foreach ($one in $Answer.local) { $files[$one] = '' }
Set-StandinKey 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Ports' $files
Set-StandinKey 'Registry::HKEY_USERS\.DEFAULT\Printers'
Set-StandinKey 'Registry::HKEY_USERS\S-1-5-18\Printers'
foreach ($one in $Answer.users) {
    Set-StandinKey "Registry::HKEY_USERS\$($one.sid)\Software\Microsoft\Windows NT\CurrentVersion\Windows" @{ Device = $one.device }
    foreach ($queue in $one.connections) { Set-StandinKey "Registry::HKEY_USERS\$($one.sid)\Printers\Connections\$queue" }
}
function Get-Printer {
    $Answer.printers | ForEach-Object {
        [PSCustomObject] @{
            Name = $_.name; PortName = $_.port; DriverName = $_.driver; Shared = $_.shared; ShareName = if ($_.share) { $_.share } else { $null }
            PrinterStatus = New-StandinCode $_.status; Type = New-StandinCode $_.type
        }
    }
}
