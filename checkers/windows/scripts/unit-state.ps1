# One service, by its name (never its translated display name): how it starts, whether it runs, and what starts it on
# demand (TriggerInfo: action 1 is "start"; type 3: the computer is in a domain).
param(
    [string] $Unit
)
$service = $null
foreach ($one in Get-Service) { if ($one.ServiceName -eq $Unit) { $service = $one } }
if ($null -eq $service) { return @{ present = $false } }
$key = "HKLM:\SYSTEM\CurrentControlSet\Services\$($service.ServiceName)"
$entry = Get-ItemProperty -LiteralPath $key
$triggers = @()
if (Test-Path -LiteralPath "$key\TriggerInfo") {
    $triggers = @(Get-ChildItem -LiteralPath "$key\TriggerInfo" | ForEach-Object {
            @{ type = [int] $_.GetValue('Type', 0); action = [int] $_.GetValue('Action', 0) }
        })
}
@{
    present = $true
    name = [string] $service.ServiceName
    status = [int] $service.Status
    start = [int] $entry.Start
    delayed = [int] $entry.DelayedAutostart
    deleting = [int] $entry.DeleteFlag
    exit_code = [long] (Get-CimInstance -ClassName Win32_Service -Filter "Name='$($service.ServiceName.Replace("'", "\'"))'").ExitCode
    triggers = $triggers
    joined = [bool] (Get-CimInstance -ClassName Win32_ComputerSystem).PartOfDomain
}
