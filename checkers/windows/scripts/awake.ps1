# For how long the machine is up (the counter does not follow the clock), and whether the services that start with it
# have all been started: the service manager signals SC_AutoStartComplete.
param(
)
$ready = $null
try {
    $done = [Threading.EventWaitHandle]::OpenExisting('Global\SC_AutoStartComplete')
    $ready = [bool] $done.WaitOne(0)
    $done.Dispose()
}
catch { $ready = $null }
@{
    uptime_s = [long] ([Diagnostics.Stopwatch]::GetTimestamp() / [Diagnostics.Stopwatch]::Frequency)
    ready = $ready
}
