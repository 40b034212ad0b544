# The files of settings of every group policy in this controller's SYSVOL, as bytes; of a script only that it is there.
# None of them where they are too much: a policy without one of its files would seem to lack what is in it.
param(
    [int] $WholeLimit
)
$product = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions'
if ($product.ProductType -ne 'LanmanNT') { return @{ present = $false } }
$top = [string] (Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters').SysVol
$wanted = 'gpt.ini', 'registry.pol', 'gpttmpl.inf', 'scripts.ini', 'psscripts.ini', 'fdeploy1.ini'
$most = 600
$left = $WholeLimit
$files = New-Object Collections.ArrayList
foreach ($domain in @(Get-ChildItem -LiteralPath $top -Directory -Force)) {
    $policies = Join-Path $domain.FullName 'Policies'
    if (-not (Test-Path -LiteralPath $policies)) { continue }
    foreach ($policy in @(Get-ChildItem -LiteralPath $policies -Directory -Force -Filter '{*}')) {
        foreach ($file in @(Get-ChildItem -LiteralPath $policy.FullName -Recurse -File -Force)) {
            $path = [string] $file.FullName.Substring($policy.FullName.Length + 1)
            $told = $wanted -contains $file.Name -or $path -like '*\Preferences\*.xml'
            if (-not $told -and $path -notlike '*\Scripts\*') { continue }
            if ($told) { $left -= $file.Length }
            if ($left -lt 0 -or $files.Count -ge $most) { return @{ present = $true; cut = $true; files = @() } }
            $content = if ($told) { [Convert]::ToBase64String([IO.File]::ReadAllBytes($file.FullName)) } else { '' }
            [void] $files.Add(@{ policy = [string] $policy.Name; path = $path; content = $content })
        }
    }
}
@{ present = $true; cut = $false; files = @($files) }
