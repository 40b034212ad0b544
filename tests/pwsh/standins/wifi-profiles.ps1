$env:ProgramData = $Work
if ($Answer.service) { Add-StandinService 'WlanSvc' 4 }
$place = "$Work/Microsoft/Wlansvc/Profiles/Interfaces/{1}"
if ($Answer.profiles) { [void] [IO.Directory]::CreateDirectory($place) }
$number = 0
foreach ($one in $Answer.profiles) {
    $hidden = if ($one.hidden) { "<nonBroadcast>$($one.hidden)</nonBroadcast>" }
    $ssid = if ($one.ssid) { "<name>$($one.ssid)</name>" }
    $key = if ($one.has_key) { '<sharedKey><keyType>passPhrase</keyType><protected>true</protected><keyMaterial>0100</keyMaterial></sharedKey>' }
    [IO.File]::WriteAllText("$place/$number.xml", "<?xml version=""1.0""?>
<WLANProfile xmlns=""http://www.microsoft.com/networking/WLAN/profile/v1""><name>$($one.name)</name>
<SSIDConfig><SSID><hex>$($one.hex)</hex>$ssid</SSID>$hidden</SSIDConfig><connectionType>$($one.type)</connectionType><connectionMode>$($one.mode)</connectionMode>
<MSM><security><authEncryption><authentication>$($one.authentication)</authentication><encryption>$($one.encryption)</encryption><useOneX>$($one.one_x)</useOneX></authEncryption>$key</security></MSM></WLANProfile>")
    $number += 1
}
