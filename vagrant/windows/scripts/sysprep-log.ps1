# The end of what sysprep wrote of its failures.
param(
)
$file = "$env:SystemRoot\System32\Sysprep\Panther\setuperr.log"
if (Test-Path -LiteralPath $file) {
    foreach ($line in @(Get-Content -LiteralPath $file -Tail 12)) { [Console]::Out.WriteLine([string] $line) }
}
[Environment]::Exit(0)
