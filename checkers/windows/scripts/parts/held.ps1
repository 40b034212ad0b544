# What a class of Windows' management holds in a property: numbers for enumerations. The commands of Storage show English
# words in their place ("Healthy"), others what PowerShell makes of them.
function Get-Held($from, [string] $name) {
    $held = $from.CimInstanceProperties[$name]
    if ($null -eq $held) { throw "no property $name" }
    $held.Value
}
