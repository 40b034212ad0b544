# What BitLocker does with each volume, in numbers (Win32_EncryptableVolume), and the kinds of its key protectors. No key
# is asked for.
param(
)
$volumes = @()
$present = $true
try {
    $found = @(Get-CimInstance -Namespace root/cimv2/Security/MicrosoftVolumeEncryption -ClassName Win32_EncryptableVolume)
    $volumes = @($found | ForEach-Object {
            $volume = $_
            $conversion = Invoke-CimMethod -InputObject $volume -MethodName GetConversionStatus
            $protection = Invoke-CimMethod -InputObject $volume -MethodName GetProtectionStatus
            $method = Invoke-CimMethod -InputObject $volume -MethodName GetEncryptionMethod
            $all = Invoke-CimMethod -InputObject $volume -MethodName GetKeyProtectors -Arguments @{ KeyProtectorType = [uint32] 0 }
            $kinds = @($all.VolumeKeyProtectorID | Where-Object { $_ } | ForEach-Object {
                    $one = Invoke-CimMethod -InputObject $volume -MethodName GetKeyProtectorType -Arguments @{ VolumeKeyProtectorID = $_ }
                    [int] $one.KeyProtectorType
                })
            @{
                drive = [string] $volume.DriveLetter; type = [int] $volume.VolumeType; protection = [int] $protection.ProtectionStatus
                conversion = [int] $conversion.ConversionStatus; percent = [int] $conversion.EncryptionPercentage
                method = [int] $method.EncryptionMethod; readable = [long] $conversion.ReturnValue -eq 0; protectors = $kinds
            }
        })
}
catch {
    # Where BitLocker is no part of Windows its classes are not there.
    if ([string] $_.FullyQualifiedErrorId -notlike 'HRESULT 0x8004100e*') { throw }
    $present = $false
}
@{ present = $present; volumes = $volumes }
