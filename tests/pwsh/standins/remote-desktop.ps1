$terminal = 'HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server'
Set-StandinKey $terminal @{ fDenyTSConnections = [int] $Answer.denied }
Set-StandinKey "$terminal\WinStations\RDP-Tcp" @{ PortNumber = [int] $Answer.port; UserAuthentication = [int] $Answer.nla }
$policy = @{}
if ($Answer.policy_denied -ne -1) { $policy.fDenyTSConnections = [int] $Answer.policy_denied }
if ($Answer.policy_nla -ne -1) { $policy.UserAuthentication = [int] $Answer.policy_nla }
if ($policy.Count) { Set-StandinKey 'HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services' $policy }
Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Services\TermService' @{ Start = [int] $Answer.start }
Add-StandinService 'TermService' $Answer.service
Add-StandinCim 'MSFT_NetTCPConnection' @(
    [PSCustomObject] @{ LocalPort = [uint16] 445; State = [byte] 2 }
    [PSCustomObject] @{ LocalPort = [uint16] $Answer.port; State = [byte] $(if ($Answer.listening) { 2 } else { 5 }) }) 'root/StandardCimv2'
