$names = 'HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName'
Set-StandinKey "$names\ActiveComputerName" @{ ComputerName = $Answer.name }
Set-StandinKey "$names\ComputerName" @{ ComputerName = $Answer.pending }
Add-StandinCim 'Win32_ComputerSystem' @([PSCustomObject] @{ PartOfDomain = $Answer.joined; Domain = $Answer.domain; DomainRole = [uint16] $Answer.role })
# What the library that plays Netlogon answers (netlogon.c).
if ($null -ne $Answer.status) { [IO.File]::WriteAllText($env:STANDIN_NETLOGON, [string] $Answer.status) }
