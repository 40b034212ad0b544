# Puts a batch of questions, each in a runspace of its own with its own time limit, and writes one line: base64 of a
# gzip of UTF-8 JSON. Works in Windows PowerShell 5.1 and PowerShell 7, on Windows in any language: nothing here or in
# the questions' scripts depends on translated text, and the culture is the invariant one.
param(
    [string] $Batch,
    [int] $AnswerLimit
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Invariant = [Globalization.CultureInfo]::InvariantCulture
$Prologue = @'
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
[Threading.Thread]::CurrentThread.CurrentCulture = [Globalization.CultureInfo]::InvariantCulture
'@

function Get-Failure($exception) {
    # The record that tells is the innermost: those around it only say that a call of ours has failed.
    $name = ''
    $last = $exception
    for ($one = $exception; $null -ne $one; $one = $one.InnerException) {
        $last = $one
        if ($one -is [Management.Automation.IContainsErrorRecord]) { $name = [string] $one.ErrorRecord.FullyQualifiedErrorId }
    }
    @{ id = $name; type = $last.GetType().FullName; hresult = $last.HResult; message = [string] $last.Message }
}

function Invoke-Question($question) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $answer = @{ json = $null; failure = $null; late = $false; large = $false; ms = 0 }
    $shell = [PowerShell]::Create()
    try {
        [void] $shell.AddScript($Prologue).Invoke()
        $shell.Commands.Clear()
        [void] $shell.AddScript([string] $question.script)
        foreach ($argument in $question.arguments.PSObject.Properties) {
            [void] $shell.AddParameter($argument.Name, $argument.Value)
        }
        $running = $shell.BeginInvoke()
        if ($running.AsyncWaitHandle.WaitOne([int] $question.limit * 1000)) {
            $found = $shell.EndInvoke($running)
            $value = $null
            if ($found.Count -gt 0) { $value = $found[$found.Count - 1] }
            # Windows PowerShell 5.1 makes nothing of $null.
            $answer.json = if ($null -eq $value) { 'null' } else { [string] (ConvertTo-Json -InputObject $value -Depth 12 -Compress) }
            if ($answer.json.Length -gt $AnswerLimit) { $answer.json = $null; $answer.large = $true }
        }
        else {
            $answer.late = $true
            [void] $shell.BeginStop($null, $null)
        }
    }
    catch {
        $answer.failure = Get-Failure $_.Exception
    }
    # A question that is still being stopped is left to the end of this process: waiting for it is what must not happen.
    if (-not $answer.late) { $shell.Dispose() }
    $answer.ms = $watch.ElapsedMilliseconds
    $answer
}

[Threading.Thread]::CurrentThread.CurrentCulture = $Invariant
$answers = @{}
foreach ($question in (ConvertFrom-Json $Batch).questions) {
    $answers[[string] $question.id] = Invoke-Question $question
}
$text = ConvertTo-Json -InputObject @{ format = 1; powershell = [string] $PSVersionTable.PSVersion; answers = $answers } -Depth 6 -Compress
$bytes = (New-Object Text.UTF8Encoding $false).GetBytes($text)
$packed = New-Object IO.MemoryStream
$gzip = New-Object IO.Compression.GZipStream $packed, ([IO.Compression.CompressionMode]::Compress)
$gzip.Write($bytes, 0, $bytes.Length)
$gzip.Dispose()
[Console]::Out.WriteLine([Convert]::ToBase64String($packed.ToArray()))
[Environment]::Exit(0)
