# What this machine is known by on its network, to be pinned when a bench is made: the SHA-256 of the certificate of
# its WinRM listener over HTTPS, and its SSH host key. Writes one line of JSON; what it has not is null.
param(
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$certificate = $null
$key = $null
try {
    $listener = @(Get-ChildItem -Path 'WSMan:\localhost\Listener' | Where-Object { $_.Keys -contains 'Transport=HTTPS' })[0]
    $thumbprint = (Get-Item -Path "WSMan:\localhost\Listener\$($listener.Name)\CertificateThumbprint").Value -replace '\s', ''
    $found = Get-Item -LiteralPath "Cert:\LocalMachine\My\$thumbprint"
    $digest = [Security.Cryptography.SHA256]::Create().ComputeHash($found.RawData)
    $certificate = ([BitConverter]::ToString($digest) -replace '-', '').ToLowerInvariant()
}
catch { }
try {
    $key = [IO.File]::ReadAllText("$env:ProgramData\ssh\ssh_host_ed25519_key.pub").Trim()
}
catch { }
[Console]::Out.WriteLine((ConvertTo-Json -InputObject @{ certificate = $certificate; host_key = $key } -Compress))
[Environment]::Exit(0)
