# Which Windows this is, for the heading of a recording: one line, base64 of UTF-8 JSON. The caption is in the language
# of this Windows; it is shown, never compared.
param(
)
$system = Get-CimInstance -ClassName Win32_OperatingSystem
$version = Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
$found = @{
    caption = [string] $system.Caption
    build = [string] $system.BuildNumber
    revision = [int] $version.UBR
    product_type = [int] $system.ProductType
    language = [string] (Get-UICulture).Name
    powershell = [string] $PSVersionTable.PSVersion
}
$text = ConvertTo-Json -InputObject $found -Compress
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)))
