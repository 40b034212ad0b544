# The file shares but for those of the system (their service must run), and access lists as bytes in base64
# (MS-DTYP 2.4.6).
function Get-FileShare {
    Get-SmbShare | Where-Object { -not $_.Special -and [int] (Get-Held $_ 'ShareType') -eq 0 }
}

function Get-ListBytes([string] $sddl) {
    $list = New-Object Security.AccessControl.RawSecurityDescriptor $sddl
    $bytes = New-Object byte[] $list.BinaryLength
    $list.GetBinaryForm($bytes, 0)
    [Convert]::ToBase64String($bytes)
}
