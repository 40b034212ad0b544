# WireGuard's own command: its lines, or none where WireGuard is not installed.
function Invoke-Wg([string[]] $words) {
    $program = Join-Path $env:ProgramFiles 'WireGuard\wg.exe'
    if (-not [IO.File]::Exists($program)) { return }
    & $program $words | ForEach-Object { [string] $_ }
    if ($LASTEXITCODE -ne 0) { throw 'wg' }
}
