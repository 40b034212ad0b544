# Of which domain this computer is a member, and what a controller says to its own account. The secure channel is asked
# of Netlogon by its function (TC_VERIFY, MS-NRPC 3.5.4.9.1): a status as a number, where Test-ComputerSecureChannel only
# says no. role: 0 and 2 of a workgroup, 1 and 3 a member, 4 and 5 a controller.
param(
)
$system = Get-CimInstance -ClassName Win32_ComputerSystem
$key = 'HKLM:\SYSTEM\CurrentControlSet'
$answer = @{
    name = [string] (Get-ItemProperty -LiteralPath "$key\Control\ComputerName\ActiveComputerName").ComputerName
    pending = [string] (Get-ItemProperty -LiteralPath "$key\Control\ComputerName\ComputerName").ComputerName
    joined = [bool] $system.PartOfDomain
    domain = [string] $system.Domain
    role = [int] $system.DomainRole
    status = $null
    trouble = ''
}
if (-not $answer.joined -or $answer.role -ge 4) { return $answer }
$code = @'
[StructLayout(LayoutKind.Sequential)]
public struct Info { public uint Flags; public uint Verified; public IntPtr Server; public uint Status; }
[DllImport("netapi32.dll", CharSet = CharSet.Unicode)]
public static extern uint I_NetLogonControl2(string server, uint function, uint level, ref IntPtr data, out IntPtr buffer);
[DllImport("netapi32.dll")]
public static extern uint NetApiBufferFree(IntPtr buffer);
public static uint[] Verify(string domain) {
    IntPtr name = Marshal.StringToHGlobalUni(domain), buffer;
    try {
        uint failed = I_NetLogonControl2(null, 10, 2, ref name, out buffer);
        if (failed != 0) { return new uint[] { failed }; }
        Info found = (Info) Marshal.PtrToStructure(buffer, typeof(Info));
        NetApiBufferFree(buffer);
        return new uint[] { found.Status, (found.Flags & 0x80) != 0 ? found.Verified : 0 };
    }
    finally { Marshal.FreeHGlobal(name); }
}
'@
try {
    $netlogon = Add-Type -Namespace Epreuve -Name Netlogon -MemberDefinition $code -PassThru |
        Where-Object { $_.Name -eq 'Netlogon' }
    $bad = @($netlogon::Verify($answer.domain) | Where-Object { $_ -ne 0 })
    $answer.status = if ($bad.Count) { [long] $bad[0] } else { 0 }
}
catch { $answer.trouble = [string] $_.FullyQualifiedErrorId }
$answer
