# The file shares of this computer but for those of the system, each with its access list as bytes (MS-DTYP 2.4.6), and
# whether the guest account may be used.
param(
)
if ([int] (Get-Service -Name LanmanServer).Status -ne 4) { throw 'ServerServiceStopped' }
$guests = "SID LIKE 'S-1-5-21-%-501'"
if ([int] (Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole -lt 4) { $guests += ' AND LocalAccount = TRUE' }
$guest = @(Get-CimInstance -ClassName Win32_UserAccount -Filter $guests | Where-Object { -not $_.Disabled })
$shares = @(foreach ($share in @(Get-SmbShare | Where-Object { -not $_.Special -and [int] $_.ShareType -eq 0 })) {
        $rights = New-Object Security.AccessControl.RawSecurityDescriptor ([string] $share.SecurityDescriptor)
        $bytes = New-Object byte[] $rights.BinaryLength
        $rights.GetBinaryForm($bytes, 0)
        @{
            name = [string] $share.Name
            path = [string] $share.Path
            folder = [bool] (Test-Path -LiteralPath $share.Path -PathType Container)
            state = [int] $share.ShareState
            rights = [Convert]::ToBase64String($bytes)
        }
    })
@{ guest = [bool] $guest.Count; shares = $shares }
