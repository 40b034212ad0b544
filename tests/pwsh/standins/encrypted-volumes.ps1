Add-StandinCim 'Win32_OperatingSystem' @([PSCustomObject] @{ ProductType = [uint32] 1 })
if ($Answer.present) {
    Add-StandinCim 'Win32_EncryptableVolume' @($Answer.volumes | ForEach-Object {
            [PSCustomObject] @{ DriveLetter = $_.drive; VolumeType = [uint32] $_.type; It = $_ }
        }) 'root/cimv2/Security/MicrosoftVolumeEncryption'
}

# A locked volume tells its protection only: the other methods return FVE_E_LOCKED_VOLUME and nothing else.
function Invoke-CimMethod {
    [CmdletBinding()] param([object] $InputObject, [string] $MethodName, [Collections.IDictionary] $Arguments)
    $it = $InputObject.It
    switch ($MethodName) {
        'GetConversionStatus' {
            if ($it.readable) { [PSCustomObject] @{ ConversionStatus = [uint32] $it.conversion; EncryptionPercentage = [uint32] $it.percent; ReturnValue = [uint32] 0 } }
            else { [PSCustomObject] @{ ConversionStatus = $null; EncryptionPercentage = $null; ReturnValue = [uint32] 2150694912 } }
        }
        'GetProtectionStatus' { [PSCustomObject] @{ ProtectionStatus = [uint32] $it.protection; ReturnValue = [uint32] 0 } }
        'GetEncryptionMethod' { [PSCustomObject] @{ EncryptionMethod = if ($it.readable) { [uint32] $it.method } else { $null }; ReturnValue = [uint32] 0 } }
        'GetKeyProtectors' {
            if ($Arguments.KeyProtectorType -isnot [uint32]) { throw 'KeyProtectorType' }
            [PSCustomObject] @{ VolumeKeyProtectorID = if ($it.protectors) { [string[]] @($it.protectors | ForEach-Object { "{$_}" }) } else { $null }; ReturnValue = [uint32] 0 }
        }
        'GetKeyProtectorType' { [PSCustomObject] @{ KeyProtectorType = [uint32] $Arguments.VolumeKeyProtectorID.Trim('{}'); ReturnValue = [uint32] 0 } }
        default { throw $MethodName }
    }
}
