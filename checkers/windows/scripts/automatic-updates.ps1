# Whether Windows Update installs by itself: its policy, a pause, its services, and the server that it asks.
param(
)
$policy = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate' -ErrorAction SilentlyContinue
$automatic = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate\AU' -ErrorAction SilentlyContinue
$settings = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\WindowsUpdate\UX\Settings' -ErrorAction SilentlyContinue

function Get-Number($key, [string] $name) {
    if ($null -ne $key -and $null -ne $key.PSObject.Properties[$name]) { return [int] $key.$name }
    -1
}

$services = @(foreach ($name in @('wuauserv', 'UsoSvc')) {
        $key = Get-ItemProperty -LiteralPath "HKLM:\SYSTEM\CurrentControlSet\Services\$name" -ErrorAction SilentlyContinue
        if ($null -ne $key) { @{ name = $name; start = [int] $key.Start } }
    })
@{
    product = [int] (Get-CimInstance -ClassName Win32_OperatingSystem).ProductType
    no_auto_update = Get-Number $automatic 'NoAutoUpdate'
    options = Get-Number $automatic 'AUOptions'
    scheduled_day = Get-Number $automatic 'ScheduledInstallDay'
    use_server = Get-Number $automatic 'UseWUServer'
    server = [string] $policy.WUServer
    no_access = Get-Number $policy 'DisableWindowsUpdateAccess'
    paused_until = [string] $settings.PauseUpdatesExpiryTime
    now = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    services = $services
}
