# The file shares of this computer but for those of the system, each with its access list, and whether the guest account
# may be used.
param(
)
# part: file-shares
# part: held
if ([int] (Get-Service -Name LanmanServer).Status -ne 4) { throw 'ServerServiceStopped' }
$guests = "SID LIKE 'S-1-5-21-%-501'"
if ([int] (Get-CimInstance -ClassName Win32_ComputerSystem).DomainRole -lt 4) { $guests += ' AND LocalAccount = TRUE' }
$guest = @(Get-CimInstance -ClassName Win32_UserAccount -Filter $guests | Where-Object { -not $_.Disabled })
$shares = @(foreach ($share in @(Get-FileShare)) {
        @{
            name = [string] $share.Name
            path = [string] $share.Path
            folder = [bool] (Test-Path -LiteralPath $share.Path -PathType Container)
            state = [int] (Get-Held $share 'ShareState')
            rights = Get-ListBytes $share.SecurityDescriptor
        }
    })
@{ guest = [bool] $guest.Count; shares = $shares }
