$StandinTrouble = @($Answer.troubles)[0]
if ($Answer.start -ne 4) { Add-StandinService 'RemoteAccess' $(if ($Answer.running) { 4 } else { 1 }) }
$key = 'HKLM:\SYSTEM\CurrentControlSet\Services\RemoteAccess'
Set-StandinKey $key @{ Start = [int] $Answer.start }
Set-StandinKey "$key\Parameters" @{ RouterType = [int] $Answer.type; ServerFlags = [int] $Answer.flags }
Add-StandinCim 'Win32_ComputerSystem' @([PSCustomObject] @{ DomainRole = [uint16] $(if ($null -ne $Answer.dialin) { 5 } else { 1 }) })

function Stop-StandinModule($command) { if ($StandinTrouble) { $command.WriteError((New-StandinError 'Windows System Error 1722' 'NotSpecified' 'RPC')); $true } }
if ($null -ne $Answer.setup -or $StandinTrouble) {
    function Get-RemoteAccess {
        [CmdletBinding()] param()
        if (Stop-StandinModule $PSCmdlet) { return }
        $policy = [PSCustomObject] @{
            IPAssignmentMethod = $Answer.setup.assignment
            IPAddressRange = @($Answer.setup.ranges | ForEach-Object { [PSCustomObject] @{ StartIPAddress = [Net.IPAddress] $_.first; EndIPAddress = [Net.IPAddress] $_.last } })
        }
        [PSCustomObject] @{ VpnConfiguration = [PSCustomObject] @{ IPAddressAssignmentPolicy = $policy; AuthenticationPolicy = [PSCustomObject] @{ Type = $Answer.setup.checked_by } } }
    }
    function Get-VpnServerConfiguration {
        [CmdletBinding()] param()
        if (Stop-StandinModule $PSCmdlet) { return }
        [PSCustomObject] @{
            Ikev2Ports = [uint32] $Answer.ports.ikev2; SstpPorts = [uint32] $Answer.ports.sstp; L2tpPorts = [uint32] $Answer.ports.l2tp
            GrePorts = [uint32] $Answer.ports.gre; EncryptionType = $Answer.ports.encryption
        }
    }
    function Get-RemoteAccessConnectionStatistics {
        [CmdletBinding()] param()
        if (Stop-StandinModule $PSCmdlet) { return }
        $Answer.callers.list | ForEach-Object {
            [PSCustomObject] @{
                UserName = [string[]] $_.users; TunnelType = $_.tunnel; AuthMethod = $_.method; ConnectionType = $_.kind
                ClientIPv4Address = if ($_.address) { [Net.IPAddress] $_.address } else { $null }; ClientExternalAddress = [Net.IPAddress] $_.outside
            }
        }
    }
}
[Standin.DirectorySearcher]::Base = 'DC=kerbras,DC=lan'
[Standin.DirectorySearcher]::Held.Clear()
foreach ($one in $Answer.dialin.list) {
    $held = @{ samaccountname = [object[]] $one.name; msnpallowdialin = [object[]] $one.allowed }
    [Standin.DirectorySearcher]::Held.Add((New-Object 'Collections.Generic.KeyValuePair[string,hashtable]' $one.name, $held))
}
