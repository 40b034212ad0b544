# What a store of the network or of the firewall holds; one without any says so as an error. A command that is not there
# is an error of the same category.
function Get-Store([scriptblock] $query) {
    try { & $query }
    catch [Management.Automation.CommandNotFoundException] { throw }
    catch { if ($_.CategoryInfo.Category -ne [Management.Automation.ErrorCategory]::ObjectNotFound) { throw } }
}
