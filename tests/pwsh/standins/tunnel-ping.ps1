[Standin.Ping]::Left = [int] $Answer.received
. "$Standins/wireguard-common.ps1"
Set-StandinWg @{
    'show all latest-handshakes' = @($Answer.handshakes | ForEach-Object { "$($_.name)`tPUBLIC=`t$($_.at)" })
    'show interfaces' = $(if ($Answer.tunnels) { $Answer.tunnels -join ' ' })
}
# An address and a route; where no way leads there, an error.
function Find-NetRoute {
    [CmdletBinding()] param([string] $RemoteIPAddress)
    if (-not $Answer.device) { return $PSCmdlet.WriteError((New-StandinError 'Windows System Error 1231' 'NotSpecified' 'Emplacement inaccessible')) }
    [PSCustomObject] @{ IPAddress = $Answer.source; InterfaceAlias = $Answer.device }
    [PSCustomObject] @{ DestinationPrefix = '0.0.0.0/0'; NextHop = '10.50.0.1'; InterfaceAlias = $Answer.device }
}
