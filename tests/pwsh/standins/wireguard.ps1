foreach ($one in $Answer.services) { Set-StandinKey "HKLM:\SYSTEM\CurrentControlSet\Services\$($one.name)" @{ Start = [int] $one.start } }
Set-StandinKey 'HKLM:\SYSTEM\CurrentControlSet\Services\WireGuardManager' @{ Start = 2 }

# The program tells the keys that must not be seen.
. "$Standins/wireguard-common.ps1"
Set-StandinWg @{
    'show all dump' = @($Answer.dump | ForEach-Object {
            $words = $_.Split("`t")
            if ($words.Count -eq 5) { $words[1] = 'PRIVATE=' }
            if ($words.Count -eq 9 -and $words[2] -eq '-') { $words[2] = 'PRESHARED=' }
            $words -join "`t"
        })
}
function Get-NetIPAddress {
    [CmdletBinding()] param([string] $AddressFamily)
    $Answer.addresses | ForEach-Object { [PSCustomObject] @{ InterfaceAlias = $_.alias; IPAddress = $_.address; PrefixLength = [byte] $_.prefix; AddressState = New-StandinCode $_.state } }
}
