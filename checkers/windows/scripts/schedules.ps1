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
        if ($path.Contains('%')) { continue }
        if ($paths.Count -lt 400) { $paths[$path] = if ([IO.File]::Exists($path)) { 'file' } elseif ([IO.Directory]::Exists($path)) { 'folder' } else { 'missing' } }
    }
}

# Variables are those of whom the task runs as, not ours: what we do not know of them stays as it is written.
function Expand-Text([string] $text, [string] $sid) {
    $known = @{}
    foreach ($name in 'SystemRoot', 'windir', 'SystemDrive', 'ProgramFiles', 'ProgramFiles(x86)', 'ProgramW6432', 'ProgramData', 'ALLUSERSPROFILE', 'PUBLIC', 'ComSpec') {
        $value = [Environment]::GetEnvironmentVariable($name)
        if ($value) { $known[$name] = $value }
    }
    $all = [Environment]::GetEnvironmentVariables('Machine')
    foreach ($name in $all.Keys) { if ($name -notin 'TEMP', 'TMP', 'USERNAME') { $known[$name] = [string] $all[$name] } }
    $key = "HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\$sid"
    if ($sid -and (Test-Path -LiteralPath $key)) {
        $own = [string] (Get-ItemProperty -LiteralPath $key).ProfileImagePath
        $known['USERPROFILE'] = $own; $known['APPDATA'] = "$own\AppData\Roaming"; $known['LOCALAPPDATA'] = "$own\AppData\Local"
    }
    foreach ($name in $known.Keys) { $text = $text -replace [regex]::Escape("%$name%"), $known[$name].Replace('$', '$$') }
    $text.Trim()
}

# The files of the folder that a task starts in, which it names without their path.
function Get-Relative([string] $command, [string] $folder) {
    if ($folder -notmatch '^[A-Za-z]:\\') { return }
    foreach ($match in [regex]::Matches($command, '"([^"]+)"|([^\s",;]+)')) {
        $word = ($match.Groups[1].Value + $match.Groups[2].Value) -replace '^\.\\', ''
        if ($word -notmatch '\.(ps1|psm1|bat|cmd|vbs|js|py|exe)$' -or $word -match '^([A-Za-z]:|\\|/|-|%)') { continue }
        $path = $folder.TrimEnd('\') + '\' + $word
        if ([IO.File]::Exists($path)) { $path }
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
        $principal = $xml.SelectSingleNode('/t:Task/t:Principals/t:Principal', $names)
        $sid = Get-Sid ([string] $principal.UserId)
        $actions = @($xml.SelectNodes('/t:Task/t:Actions/t:Exec', $names) | ForEach-Object {
                $command = Expand-Text ([string] $_.Command) $sid
                $arguments = Expand-Text ([string] $_.Arguments) $sid
                $start = (Expand-Text ([string] $_.WorkingDirectory) $sid).Trim('"')
                $whole = '"' + $command.Trim('"') + '" ' + $arguments
                Add-Path $whole
                @{ command = $command; arguments = $arguments; folder = $start; files = @(Get-Relative $whole $start) }
            })
        $triggers = @($xml.SelectNodes('/t:Task/t:Triggers/*', $names) | ForEach-Object { [string] $_.OuterXml })
        if ($actions.Count -eq 0 -or $triggers.Count -eq 0 -or $tasks.Count -ge 300) { continue }
        $settings = $xml.SelectSingleNode('/t:Task/t:Settings', $names)
        [void] $tasks.Add(@{
                path = [string] $task.Path; enabled = [bool] $task.Enabled
                sid = $sid; account = Get-Account ([string] $principal.UserId)
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
