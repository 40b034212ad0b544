Add-StandinService 'Schedule' $(if ($Answer.running) { 4 } else { 1 })
foreach ($one in $Answer.paths.PSObject.Properties) {
    if ($one.Value -eq 'file') { [void] [Standin.Files]::Present.Add($one.Name) }
    if ($one.Value -eq 'folder') { [void] [Standin.Files]::Folders.Add($one.Name) }
}
foreach ($one in $Answer.tasks.actions.files) { if ($one) { [void] [Standin.Files]::Present.Add($one) } }

function New-StandinTask($one) {
    $escape = { param($text) [Security.SecurityElement]::Escape([string] $text) }
    if ($one.account -and $one.sid) { [Standin.Accounts]::Names[$one.sid] = $one.account }
    # A principal may be named by its account.
    $user = if ($one.sid -like '*-1106') { & $escape $one.account } else { $one.sid }
    $actions = $one.actions | ForEach-Object { "<Exec><Command>$(& $escape $_.command)</Command>$(if ($_.arguments) { "<Arguments>$(& $escape $_.arguments)</Arguments>" })$(if ($_.folder) { "<WorkingDirectory>$(& $escape $_.folder)</WorkingDirectory>" })</Exec>" }
    $xml = "<?xml version=""1.0"" encoding=""UTF-16""?><Task version=""1.4"" xmlns=""http://schemas.microsoft.com/windows/2004/02/mit/task"">
<Triggers>$($one.triggers -join '')</Triggers><Principals><Principal id=""Author"">$(if ($user) { "<UserId>$user</UserId>" })$(if ($one.group) { "<GroupId>$($one.group)</GroupId>" })$(if ($one.logon) { "<LogonType>$($one.logon)</LogonType>" })</Principal></Principals>
<Settings><RunOnlyIfIdle>$($one.idle)</RunOnlyIfIdle><RunOnlyIfNetworkAvailable>$($one.network)</RunOnlyIfNetworkAvailable></Settings><Actions Context=""Author"">$($actions -join '')</Actions></Task>"
    [PSCustomObject] @{ Path = $one.path; Enabled = $one.enabled; Xml = $xml }
}

# The COM objects of the scheduler: folders in folders, with their tasks.
function New-StandinFolder([string] $path) {
    $folder = [PSCustomObject] @{ Path = $path }
    Add-Member -InputObject $folder -MemberType ScriptMethod -Name GetFolders -Value {
        param($flags)
        $path = $this.Path.TrimEnd('\')
        $Answer.tasks | ForEach-Object { Split-StandinPath $_.path } |
            Where-Object { $_ -like "$path\*" -and $_.Substring($path.Length + 1) -notlike '*\*' -and $_ -ne $path } | Sort-Object -Unique | ForEach-Object { New-StandinFolder $_ }
    }
    Add-Member -InputObject $folder -MemberType ScriptMethod -Name GetTasks -Value {
        param($flags)
        if ($flags -ne 1) { return }
        $path = $this.Path.TrimEnd('\')
        $Answer.tasks | Where-Object { (Split-StandinPath $_.path) -eq $path } | ForEach-Object { New-StandinTask $_ }
        # A task without a program.
        [PSCustomObject] @{ Path = "$path\Com"; Enabled = $true; Xml = '<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task"><Triggers><BootTrigger /></Triggers><Actions><ComHandler /></Actions></Task>' }
    }
    $folder
}
function Split-StandinPath([string] $path) { $path.Substring(0, $path.LastIndexOf('\')) }
function New-Object {
    [CmdletBinding()] param([Parameter(Position = 0)] [string] $TypeName, [Parameter(Position = 1)] [object[]] $ArgumentList, [string] $ComObject)
    if (-not $ComObject) { return , (Microsoft.PowerShell.Utility\New-Object @PSBoundParameters) }
    if ($ComObject -ne 'Schedule.Service') { throw $ComObject }
    $service = [PSCustomObject] @{ }
    Add-Member -InputObject $service -MemberType ScriptMethod -Name Connect -Value { }
    Add-Member -InputObject $service -MemberType ScriptMethod -Name GetFolder -Value { param($path) New-StandinFolder $path }
    $service
}
