# What a store of the network or of the firewall holds; one without any says so as an error.
function Get-Store([scriptblock] $query) {
    try { & $query }
    catch { if ($_.CategoryInfo.Category -ne [Management.Automation.ErrorCategory]::ObjectNotFound) { throw } }
}
