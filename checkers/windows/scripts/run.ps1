# Runs a script of a lab (set-up of a bench, incident, mutant) with what it may use in its environment. What it writes is
# for people; what it exits with, or an error that it does not catch, is its answer.
param(
    [string] $Body,
    [object] $Environment
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
foreach ($one in $Environment.PSObject.Properties) {
    [Environment]::SetEnvironmentVariable($one.Name, [string] $one.Value)
}
$global:LASTEXITCODE = 0
try {
    & ([ScriptBlock]::Create($Body)) | Out-String -Stream -Width 200
}
catch {
    [Console]::Error.WriteLine([string] $_)
    [Environment]::Exit(1)
}
[Environment]::Exit($LASTEXITCODE)
