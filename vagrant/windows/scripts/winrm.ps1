# WinRM over HTTPS on port 5986 with a certificate that this machine makes for itself; nothing over HTTP. What is needed
# to trust it is in C:\ProgramData\Epreuve\winrm.json: {"thumbprint", "sha256", "port", "host"}; it is read over the
# guest agent, never over the network. Run again, it makes a new certificate: each machine has its own.
param(
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Here = 'C:\ProgramData\Epreuve'
$Port = 5986

[void] (New-Item -ItemType Directory -Path $Here -Force)
Set-Service -Name WinRM -StartupType Automatic
Start-Service -Name WinRM
foreach ($listener in @(Get-ChildItem -Path WSMan:\localhost\Listener)) { Remove-Item -LiteralPath $listener.PSPath -Recurse -Force }
foreach ($old in @(Get-ChildItem -Path Cert:\LocalMachine\My | Where-Object { $_.FriendlyName -eq 'Epreuve WinRM' })) {
    Remove-Item -LiteralPath $old.PSPath -Force
}
$name = [Net.Dns]::GetHostName()
$certificate = New-SelfSignedCertificate -DnsName $name -CertStoreLocation Cert:\LocalMachine\My `
    -FriendlyName 'Epreuve WinRM' -KeyAlgorithm RSA -KeyLength 2048 -HashAlgorithm SHA256 -NotAfter (Get-Date).AddYears(5)
[void] (New-Item -Path WSMan:\localhost\Listener -Transport HTTPS -Address '*' -Port $Port -CertificateThumbPrint $certificate.Thumbprint -Force)
Set-Item -Path WSMan:\localhost\Service\AllowUnencrypted -Value $false
Set-Item -Path WSMan:\localhost\Service\Auth\Basic -Value $false
# A local administrator who comes over the network is otherwise one without rights (UAC remote restrictions).
$policies = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System'
[void] (New-ItemProperty -LiteralPath $policies -Name LocalAccountTokenFilterPolicy -PropertyType DWord -Value 1 -Force)
if ($null -eq (Get-NetFirewallRule -Name 'Epreuve-WinRM' -ErrorAction SilentlyContinue)) {
    [void] (New-NetFirewallRule -Name 'Epreuve-WinRM' -DisplayName 'Epreuve WinRM (HTTPS)' -Direction Inbound -Action Allow -Protocol TCP -LocalPort $Port -Profile Any)
}
$sha256 = [Security.Cryptography.SHA256]::Create()
$digest = [BitConverter]::ToString($sha256.ComputeHash($certificate.RawData)).Replace('-', '').ToLowerInvariant()
$told = ConvertTo-Json -Compress @{ thumbprint = $certificate.Thumbprint; sha256 = $digest; port = $Port; host = $name }
[IO.File]::WriteAllText("$Here\winrm.json", $told, (New-Object Text.UTF8Encoding $false))
