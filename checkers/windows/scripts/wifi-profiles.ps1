# The wireless networks that the machine knows, from the profiles of the WLAN service (documented schema). The key stays
# where it is: only whether there is one is told.
param(
)
$found = New-Object Collections.ArrayList
$root = Join-Path $env:ProgramData 'Microsoft\Wlansvc\Profiles\Interfaces'
if ([IO.Directory]::Exists($root)) {
    foreach ($file in [IO.Directory]::GetFiles($root, '*.xml', [IO.SearchOption]::AllDirectories)) {
        if ($found.Count -ge 100) { break }
        $xml = New-Object Xml.XmlDocument
        $xml.XmlResolver = $null
        $xml.Load($file)
        $root1 = $xml.DocumentElement
        # Not as a property: an element without a child of that name would tell its own name.
        $named = $xml.SelectSingleNode("//*[local-name()='SSID']/*[local-name()='name']")
        $security = $root1.MSM.security
        [void] $found.Add(@{
                name = [string] $root1.name; ssid = [string] $named.InnerText; hex = [string] $root1.SSIDConfig.SSID.hex
                hidden = [string] $root1.SSIDConfig.nonBroadcast; type = [string] $root1.connectionType
                mode = [string] $root1.connectionMode
                authentication = [string] $security.authEncryption.authentication
                encryption = [string] $security.authEncryption.encryption; one_x = [string] $security.authEncryption.useOneX
                has_key = ([string] $security.sharedKey.keyMaterial).Length -gt 0
            })
    }
}
@{ profiles = @($found); service = $null -ne (Get-Service -Name WlanSvc -ErrorAction SilentlyContinue) }
