# The access list of a folder, and those of the shares through which it is reached, as bytes (MS-DTYP 2.4.6).
param(
    [string] $Path
)
# part: file-shares
# part: held
if (-not (Test-Path -LiteralPath $Path -PathType Container)) { return @{ present = $false } }
$full = (Get-Item -LiteralPath $Path -Force).FullName.TrimEnd('\')
$rights = (Get-Acl -LiteralPath $Path).GetSecurityDescriptorBinaryForm()
$shares = $null
if ([int] (Get-Service -Name LanmanServer).Status -eq 4) {
    $shares = @(foreach ($share in @(Get-FileShare)) {
            $top = ([string] $share.Path).TrimEnd('\')
            if ($full -ne $top -and -not $full.StartsWith("$top\", [StringComparison]::OrdinalIgnoreCase)) { continue }
            @{ name = [string] $share.Name; rights = Get-ListBytes $share.SecurityDescriptor }
        })
}
@{ present = $true; rights = [Convert]::ToBase64String($rights); shares = $shares }
