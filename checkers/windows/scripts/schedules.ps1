# The scheduled tasks that run a program, from their definitions (Task Scheduler schema): triggers as XML, principals by
# SID where it is one, and which of the files that they name are there.
param(
)
$space = 'http://schemas.microsoft.com/windows/2004/02/mit/task'
$service = New-Object -ComObject Schedule.Service
$service.Connect()
$tasks = New-Object Collections.ArrayList
$paths = @{}

function Add-Path([string] $command) {
    foreach ($match in [regex]::Matches($command, '"([A-Za-z]:\\[^"]+)"|([A-Za-z]:\\[^\s",;]+)')) {
        $path = $match.Groups[1].Value + $match.Groups[2].Value
        if ($paths.Count -lt 400) { $paths[$path] = if ([IO.File]::Exists($path)) { 'file' } elseif ([IO.Directory]::Exists($path)) { 'folder' } else { 'missing' } }
    }
}

function Get-Account([string] $id) {
    if ($id -notmatch '^S-1-') { return $id }
    try { [string] (New-Object Security.Principal.SecurityIdentifier $id).Translate([Security.Principal.NTAccount]).Value } catch { '' }
}

function Get-Sid([string] $id) {
    if (-not $id -or $id -match '^S-1-') { return $id }
    try { [string] (New-Object Security.Principal.NTAccount $id).Translate([Security.Principal.SecurityIdentifier]).Value } catch { '' }
}

$waiting = New-Object Collections.Queue
$waiting.Enqueue($service.GetFolder('\'))
while ($waiting.Count -gt 0) {
    $folder = $waiting.Dequeue()
    foreach ($inner in $folder.GetFolders(0)) { $waiting.Enqueue($inner) }
    foreach ($task in $folder.GetTasks(1)) {
        $xml = New-Object Xml.XmlDocument
        $xml.XmlResolver = $null
        $xml.LoadXml($task.Xml)
        $names = New-Object Xml.XmlNamespaceManager $xml.NameTable
        $names.AddNamespace('t', $space)
        $actions = @($xml.SelectNodes('/t:Task/t:Actions/t:Exec', $names) | ForEach-Object {
                $command = [Environment]::ExpandEnvironmentVariables([string] $_.Command).Trim()
                $arguments = [Environment]::ExpandEnvironmentVariables([string] $_.Arguments).Trim()
                Add-Path ('"' + $command.Trim('"') + '" ' + $arguments)
                @{ command = $command; arguments = $arguments }
            })
        $triggers = @($xml.SelectNodes('/t:Task/t:Triggers/*', $names) | ForEach-Object { [string] $_.OuterXml })
        if ($actions.Count -eq 0 -or $triggers.Count -eq 0 -or $tasks.Count -ge 300) { continue }
        $principal = $xml.SelectSingleNode('/t:Task/t:Principals/t:Principal', $names)
        $settings = $xml.SelectSingleNode('/t:Task/t:Settings', $names)
        [void] $tasks.Add(@{
                path = [string] $task.Path; enabled = [bool] $task.Enabled
                sid = Get-Sid ([string] $principal.UserId); account = Get-Account ([string] $principal.UserId)
                group = [string] $principal.GroupId; logon = [string] $principal.LogonType
                idle = [string] $settings.RunOnlyIfIdle; network = [string] $settings.RunOnlyIfNetworkAvailable
                actions = $actions; triggers = $triggers
            })
    }
}
$now = [DateTime]::Now
@{
    running = [int] (Get-Service -Name Schedule).Status -eq 4
    computer = [string] [Environment]::MachineName
    zone = [string] [TimeZoneInfo]::Local.Id
    now = $now.ToString('yyyy-MM-ddTHH:mm:ss')
    offset_s = [int] [TimeZoneInfo]::Local.GetUtcOffset($now).TotalSeconds
    tasks = @($tasks)
    paths = $paths
}
