$client = 'Software\Microsoft\Windows\CurrentVersion\Group Policy\History'
$one = 'S-1-5-21-1-2-3-1103'
$null = [Standin.Registry]::Users.Make("$one\Software"), [Standin.Registry]::Users.Make('.DEFAULT\Software'), [Standin.Registry]::Users.Make("${one}_Classes")
$number = 0
foreach ($policy in $Answer.policies) {
    $hive = if ($policy.user) { [Standin.Registry]::Users.Make($one) } else { [Standin.Registry]::LocalMachine }
    $key = $hive.Make("$client\$($policy.extension)\$number")
    $key.Values['GPOName'] = $policy.guid
    $key.Values['Version'] = [int] $policy.version
    $number += 1
}
# A set that is not kept: by the policy for a user, by the preference for the computer.
if (-not $Answer.logged.user) { [Standin.Registry]::Users.Make("$one\Software\Policies\Microsoft\Windows\System").Values['RSoPLogging'] = [int] 0 }
if (-not $Answer.logged.computer) { [Standin.Registry]::LocalMachine.Make('Software\Microsoft\Windows NT\CurrentVersion\Winlogon').Values['RSoPLogging'] = [int] 0 }
Add-StandinCim 'RSOP_Session' @([PSCustomObject] @{ id = 'Session1' }) 'root/rsop/computer'

function New-StandinSetting($one, [int] $precedence) {
    $hive, $key = ([string] $one.name).Split([char[]] '\', 2)
    $at = $key.LastIndexOf('\')
    [PSCustomObject] @{
        GPOID = $one.policy; precedence = [uint32] $precedence; deleted = $false; registryKey = $key.Substring(0, $at)
        valueName = $key.Substring($at + 1); valueType = [uint32] $one.type; value = [Convert]::FromBase64String($one.data)
    }
}

# For each setting that is in force there is one that lost, and one that was taken away.
$registry = @($Answer.settings | Where-Object extension -EQ 'Registry')
foreach ($space in @(@('root/rsop/computer', 'HKLM\*'), @('root/rsop/user/S_1_5_21_1_2_3_1103', 'HKCU\*'))) {
    $rows = @($registry | Where-Object name -Like $space[1] | ForEach-Object {
            New-StandinSetting $_ 1
            New-StandinSetting $_ 2
            $gone = New-StandinSetting $_ 1
            $gone.deleted = $true
            $gone
        })
    Add-StandinCim 'RSOP_RegistryPolicySetting' $rows $space[0]
}
Add-StandinCim 'RSOP_RegistryValue' @($Answer.settings | Where-Object extension -EQ 'Security' | ForEach-Object {
        [PSCustomObject] @{ GPOID = $_.policy; precedence = [uint32] 1; Path = $_.name -replace '^HKLM', 'MACHINE'; Data = $_.data }
    }) 'root/rsop/computer'
Add-StandinCim '__NAMESPACE' @([PSCustomObject] @{ Name = 'S_1_5_21_1_2_3_1103' }, [PSCustomObject] @{ Name = 'S_1_5_18' }) 'root/rsop/user'

if ($null -ne $Answer.text) {
    $inside = ([string] $Arguments.Path).Split([char[]] '\', 2)[1]
    $at = $inside.LastIndexOf('\')
    [Standin.Registry]::Users.Make("$one\$($inside.Substring(0, $at))").Values[$inside.Substring($at + 1)] = [int] $Answer.text
}
