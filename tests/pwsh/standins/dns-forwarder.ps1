if ($Answer.present) { Add-StandinService 'DNS' $Answer.status }
if ($Answer.status -eq 4) {
    Add-StandinCim 'MicrosoftDNS_Server' @([PSCustomObject] @{ Forwarders = [string[]] $Answer.forwarders; NoRecursion = $Answer.no_recursion }) 'root/MicrosoftDNS'
}
else {
    Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Services\DNS\Parameters' @{ Forwarders = [string[]] $Answer.forwarders; NoRecursion = [int] $Answer.no_recursion }
}
