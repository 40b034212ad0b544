# The files of settings of every group policy in this controller's SYSVOL, as bytes.
param(
    [int] $FileLimit,
    [int] $WholeLimit
)
$product = Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Control\ProductOptions'
if ($product.ProductType -ne 'LanmanNT') { return @{ present = $false } }
$top = [string] (Get-ItemProperty -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\Netlogon\Parameters').SysVol
$wanted = 'gpt.ini', 'registry.pol', 'gpttmpl.inf'
$left = $WholeLimit
$files = New-Object Collections.ArrayList
foreach ($domain in @(Get-ChildItem -LiteralPath $top -Directory -Force)) {
    $policies = Join-Path $domain.FullName 'Policies'
    if (-not (Test-Path -LiteralPath $policies)) { continue }
    foreach ($policy in @(Get-ChildItem -LiteralPath $policies -Directory -Force -Filter '{*}')) {
        foreach ($file in @(Get-ChildItem -LiteralPath $policy.FullName -Recurse -File -Force)) {
            if ($wanted -notcontains $file.Name -or $file.Length -gt $FileLimit) { continue }
            $left -= $file.Length
            if ($left -lt 0) { return @{ present = $true; cut = $true; files = @() } }
            $bytes = [IO.File]::ReadAllBytes($file.FullName)
            [void] $files.Add(@{
                    policy = [string] $policy.Name
                    path = [string] $file.FullName.Substring($policy.FullName.Length + 1)
                    content = [Convert]::ToBase64String($bytes)
                })
        }
    }
}
@{ present = $true; cut = $false; files = @($files) }
