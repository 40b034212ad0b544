# What this machine is known by on its network, to be pinned when a bench is made: the SHA-256 of the certificate of
# its WinRM listener over HTTPS and the listener's port, its SSH host key, and what its image wrote of the former
# (winrm.json). Writes one line of JSON; what it has not is null.
param(
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$certificate = $null
$port = $null
$key = $null
$told = $null
try {
    $listener = @(Get-ChildItem -Path 'WSMan:\localhost\Listener' | Where-Object { $_.Keys -contains 'Transport=HTTPS' })[0]
    $thumbprint = (Get-Item -Path "WSMan:\localhost\Listener\$($listener.Name)\CertificateThumbprint").Value -replace '\s', ''
    $port = [int] (Get-Item -Path "WSMan:\localhost\Listener\$($listener.Name)\Port").Value
    $found = Get-Item -LiteralPath "Cert:\LocalMachine\My\$thumbprint"
    $digest = [Security.Cryptography.SHA256]::Create().ComputeHash($found.RawData)
    $certificate = ([BitConverter]::ToString($digest) -replace '-', '').ToLowerInvariant()
}
catch { }
try {
    $key = [IO.File]::ReadAllText("$env:ProgramData\ssh\ssh_host_ed25519_key.pub").Trim()
}
catch { }
try {
    $written = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText("$env:ProgramData\Epreuve\winrm.json"))
    $told = @{ sha256 = [string] $written.sha256; port = [int] $written.port }
}
catch { }
$pins = @{ certificate = $certificate; port = $port; host_key = $key; told = $told }
[Console]::Out.WriteLine((ConvertTo-Json -InputObject $pins -Compress))
[Environment]::Exit(0)
