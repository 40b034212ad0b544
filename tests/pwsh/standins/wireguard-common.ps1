# Where WireGuard is installed its program answers what it is given here, by its arguments.
function Set-StandinWg([hashtable] $answers) {
    $env:ProgramFiles = $Work
    if (-not @($answers.Values | Where-Object { $_ }).Count) { return }
    [void] [IO.Directory]::CreateDirectory("$Work/WireGuard")
    $cases = foreach ($words in $answers.Keys) { "'$words') cat <<'END'`n$(@($answers[$words]) -join "`n")`nEND`n;;" }
    [IO.File]::WriteAllText("$Work/WireGuard/wg.exe", "#!/bin/sh`ncase `"`$*`" in`n$($cases -join "`n")`n*) exit 1`nesac`n")
    chmod +x "$Work/WireGuard/wg.exe"
}
