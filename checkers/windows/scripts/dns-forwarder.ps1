# Where the DNS server of this machine forwards what it does not know. By the server's own provider while it runs, else
# what it has saved in the registry; neither needs the administration tools.
param(
)
$service = Get-Service -Name DNS -ErrorAction SilentlyContinue
if ($null -eq $service) { return @{ present = $false } }
if ([int] $service.Status -eq 4) {
    $server = Get-CimInstance -Namespace 'root\MicrosoftDNS' -ClassName MicrosoftDNS_Server
    $forwarders = @($server.Forwarders)
    $alone = [bool] $server.NoRecursion
}
else {
    $saved = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\DNS\Parameters'
    $forwarders = @(@($saved.Forwarders) -split '[\s,]+')
    $alone = [int] $saved.NoRecursion -eq 1
}
@{
    present = $true
    status = [int] $service.Status
    forwarders = @($forwarders | Where-Object { $_ } | ForEach-Object { [string] $_ })
    no_recursion = $alone
}
