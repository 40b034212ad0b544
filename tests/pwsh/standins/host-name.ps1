$names = 'HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName'
Set-StandinKey "$names\ActiveComputerName" @{ ComputerName = $Answer.running }
Set-StandinKey "$names\ComputerName" @{ ComputerName = $Answer.pending }
Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters' @{ 'NV Hostname' = $Answer.host_name }
