# Where the first logon is: the text of state.json, or nothing before it has begun.
param(
)
$file = 'C:\ProgramData\Epreuve\state.json'
if (Test-Path -LiteralPath $file) { [Console]::Out.WriteLine([IO.File]::ReadAllText($file)) }
[Environment]::Exit(0)
