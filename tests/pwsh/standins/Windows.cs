// Stand-ins for what .NET has only on Windows: the members that our scripts use, and no more.
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace Standin
{
    // The enumerations of Windows' cmdlets: what counts is that they are none of the strings and numbers of PowerShell.
    public enum Code : uint { }

    public enum SearchScope { Base, OneLevel, Subtree }

    public enum SecurityMasks { None, Owner, Group, Dacl = 4 }

    public enum ReferralChasingOption { None, Subordinate = 32, External = 64, All = 96 }

    // A key of the registry, and the registry.
    public class Key : IDisposable
    {
        private readonly List<string> order = new List<string>();
        private readonly Dictionary<string, Key> keys = new Dictionary<string, Key>(StringComparer.OrdinalIgnoreCase);
        public readonly Dictionary<string, object> Values = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        public string Name { get; private set; }
        public Key(string name) { Name = name; }
        public static Key OpenBaseKey(string hive, string view)
        {
            return hive == "Users" ? Registry.Users : view == "Registry32" ? Registry.LocalMachine32 : Registry.LocalMachine;
        }
        public Key Make(string path)
        {
            Key at = this;
            foreach (string part in path.Split('\\'))
            {
                if (!at.keys.ContainsKey(part)) { at.keys[part] = new Key(part); at.order.Add(part); }
                at = at.keys[part];
            }
            return at;
        }
        public Key OpenSubKey(string path)
        {
            Key at = this;
            foreach (string part in path.Split('\\')) { if (at == null || !at.keys.TryGetValue(part, out at)) { return null; } }
            return at;
        }
        public string[] GetSubKeyNames() { return order.ToArray(); }
        public object GetValue(string name) { return GetValue(name, null, null); }
        public object GetValue(string name, object other) { return GetValue(name, other, null); }
        public object GetValue(string name, object other, string options) { object found; return Values.TryGetValue(name, out found) ? found : other; }
        public void Dispose() { }
    }

    public static class Registry
    {
        public static Key LocalMachine, LocalMachine32, Users;
        public static void Reset() { LocalMachine = new Key(""); LocalMachine32 = new Key(""); Users = new Key(""); }
        public static Key Root(string path) { return path.StartsWith("HKLM:\\") ? LocalMachine : path.StartsWith("Registry::HKEY_USERS") ? Users : null; }
        public static string Inside(string path) { int at = path.IndexOf('\\'); return at < 0 ? "" : path.Substring(at + 1); }
    }

    // Accounts: names that are known both ways.
    public static class Accounts
    {
        public static readonly Dictionary<string, string> Names = new Dictionary<string, string>();
        public static Exception Unknown() { return new IdentityNotMappedException(); }
    }

    public class IdentityNotMappedException : SystemException { }

    public class NTAccount
    {
        public string Value { get; private set; }
        public NTAccount(string name) { Value = name; }
        public SecurityIdentifier Translate(Type type)
        {
            foreach (var one in Accounts.Names) { if (one.Value == Value) { return new SecurityIdentifier(one.Key); } }
            throw Accounts.Unknown();
        }
    }

    public class SecurityIdentifier
    {
        public string Value { get; private set; }
        public SecurityIdentifier(string sid) { Value = sid; }
        public SecurityIdentifier(byte[] given, int at)
        {
            Value = "S-" + given[at] + "-" + given[at + 7];
            for (int part = 0; part < given[at + 1]; part++) { Value += "-" + BitConverter.ToUInt32(given, at + 8 + part * 4); }
        }
        public byte[] Bytes()
        {
            string[] parts = Value.Split('-');
            var found = new List<byte> { byte.Parse(parts[1]), (byte)(parts.Length - 3), 0, 0, 0, 0, 0, byte.Parse(parts[2]) };
            foreach (string part in parts.Skip(3)) { found.AddRange(BitConverter.GetBytes(uint.Parse(part))); }
            return found.ToArray();
        }
        public NTAccount Translate(Type type)
        {
            if (!Accounts.Names.ContainsKey(Value)) { throw Accounts.Unknown(); }
            return new NTAccount(Accounts.Names[Value]);
        }
        public override string ToString() { return Value; }
    }

    // A security descriptor from its bytes, or from a text that is "SDDL " and its bytes (MS-DTYP 2.4.6).
    public class Entry { public SecurityIdentifier SecurityIdentifier; }

    public class RawSecurityDescriptor
    {
        private readonly byte[] bytes;
        public RawSecurityDescriptor(string text) { bytes = Convert.FromBase64String(text.Substring(5)); }
        public RawSecurityDescriptor(byte[] given, int at) { bytes = given; }
        public int BinaryLength { get { return bytes.Length; } }
        public void GetBinaryForm(byte[] into, int at) { bytes.CopyTo(into, at); }
        public IEnumerable<Entry> DiscretionaryAcl
        {
            get
            {
                int at = BitConverter.ToInt32(bytes, 16);
                int left = BitConverter.ToUInt16(bytes, at + 4);
                for (at += 8; left > 0; left--)
                {
                    yield return new Entry { SecurityIdentifier = new SecurityIdentifier(bytes, at + 8) };
                    at += BitConverter.ToUInt16(bytes, at + 2);
                }
            }
        }
    }

    // The account manager's groups, by ADSI.
    public class Member { public byte[] objectSid { get; set; } }

    public class Adsi
    {
        public static readonly Dictionary<string, Member[]> Groups = new Dictionary<string, Member[]>();
        public static int Least;
        public int MinPasswordLength { get { return Least; } }
        private readonly string path;
        public Adsi(string path) { this.path = path; }
        public object Invoke(string method)
        {
            if (method != "Members") { throw new MissingMethodException(method); }
            return Groups[path.Substring("WinNT://./".Length).Replace(",group", "")];
        }
    }

    // The directory: entries by name; a server gives a part of a long attribute at a time.
    public class Properties
    {
        private readonly Dictionary<string, ArrayList> held = new Dictionary<string, ArrayList>(StringComparer.OrdinalIgnoreCase);
        public ICollection PropertyNames { get { return held.Keys; } }
        public ArrayList this[string name] { get { ArrayList found; return held.TryGetValue(name, out found) ? found : new ArrayList(); } }
        public void Add(string name, object[] values) { held[name.ToLowerInvariant()] = new ArrayList(values); }
    }

    public class DirectoryEntry
    {
        // The groups in the token of each user, by the user's identifier.
        public static readonly Dictionary<string, string[]> Tokens = new Dictionary<string, string[]>();
        public string Path, SchemaClassName = "user";
        public Dictionary<string, object> Properties = new Dictionary<string, object>();
        public DirectoryEntry(string path)
        {
            Path = path.Replace("LDAP://localhost/", "").Replace("\\/", "/");
            if (Path == "RootDSE") { Properties["defaultNamingContext"] = new Hashtable { { "Value", DirectorySearcher.Base } }; }
        }
        public void RefreshCache(string[] names)
        {
            string sid = Path.Replace("LDAP://<SID=", "").TrimEnd('>');
            Properties[names[0]] = Tokens[sid].Select(one => (object)new SecurityIdentifier(one).Bytes()).ToArray();
        }
    }

    public class SearchResult { public Properties Properties = new Properties(); }

    public class SearchResults : List<SearchResult>, IDisposable { public void Dispose() { } }

    public class DirectorySearcher
    {
        public const int Part = 2;
        public static string Base;
        public static List<KeyValuePair<string, Hashtable>> Held = new List<KeyValuePair<string, Hashtable>>();
        public DirectorySearcher(DirectoryEntry root, string filter) { this.root = root; }
        public DirectorySearcher(string filter) { root = new DirectoryEntry(Base); }
        private readonly DirectoryEntry root;
        public int PageSize;
        public bool CacheResults;
        public ReferralChasingOption ReferralChasing;
        public SearchScope SearchScope;
        public SecurityMasks SecurityMasks;
        public System.Collections.Specialized.StringCollection PropertiesToLoad = new System.Collections.Specialized.StringCollection();
        public SearchResults FindAll()
        {
            if (root.Path != Base || PageSize == 0) { throw new InvalidOperationException("not the whole directory"); }
            var all = new SearchResults();
            foreach (var one in Held)
            {
                var result = new SearchResult();
                foreach (DictionaryEntry pair in one.Value)
                {
                    var values = (object[])pair.Value;
                    string name = (string)pair.Key;
                    // An access list comes only to who asks for that part of it.
                    if (name == "ntsecuritydescriptor" && SecurityMasks != SecurityMasks.Dacl) { continue; }
                    if (name == "member" && values.Length > Part)
                    {
                        result.Properties.Add("member", new object[0]);
                        name = "member;range=0-" + (Part - 1);
                        values = values.Take(Part).ToArray();
                    }
                    result.Properties.Add(name, values);
                }
                all.Add(result);
            }
            return all;
        }
        public SearchResult FindOne()
        {
            int from = int.Parse(PropertiesToLoad[0].Replace("member;range=", "").Replace("-*", ""));
            var values = (object[])Held.First(one => one.Key == root.Path).Value["member"];
            bool last = from + Part >= values.Length;
            var result = new SearchResult();
            result.Properties.Add("member;range=" + from + "-" + (last ? "*" : (from + Part - 1).ToString()), values.Skip(from).Take(Part).ToArray());
            return result;
        }
    }

    // Files and folders that are only said to be there; anything else is looked up.
    public static class Files
    {
        public static readonly HashSet<string> Present = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        public static readonly HashSet<string> Folders = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        public static readonly Dictionary<string, byte[]> Held = new Dictionary<string, byte[]>(StringComparer.OrdinalIgnoreCase);
        public static bool Exists(string path) { return Present.Contains(path) || File.Exists(path); }
        public static string ReadAllText(string path)
        {
            return Held.ContainsKey(path) ? System.Text.Encoding.UTF8.GetString(Held[path]) : File.ReadAllText(path);
        }
        public static void WriteAllText(string path, string text, System.Text.Encoding encoding) { Held[path] = encoding.GetBytes(text); }
        public static string[] ReadAllLines(string path) { return File.ReadAllLines(path); }
        public static byte[] ReadAllBytes(string path) { return Held[path]; }
    }

    public static class Folders
    {
        public static bool Exists(string path) { return Files.Folders.Contains(path) || Directory.Exists(path); }
        public static string[] GetFiles(string path, string pattern, SearchOption option) { return Directory.GetFiles(path, pattern, option); }
    }

    public static class WindowsPath
    {
        public static string GetFullPath(string path) { return path.Length == 2 ? path + @"\Windows\System32" : path; }
    }

    public class EventWaitHandle : IDisposable
    {
        public static bool? Set;
        public static EventWaitHandle OpenExisting(string name)
        {
            if (name != @"Global\SC_AutoStartComplete" || Set == null) { throw new System.Threading.WaitHandleCannotBeOpenedException(); }
            return new EventWaitHandle();
        }
        public bool WaitOne(int milliseconds) { return Set == true; }
        public void Dispose() { }
    }

    public static class Dns
    {
        public static IPAddress[] Addresses;
        public static IPAddress[] GetHostAddresses(string name)
        {
            if (Addresses == null) { throw new SocketException(11001); }
            return Addresses;
        }
    }

    // A DNS server, by question: its answer, or the error of a socket.
    public class UdpClient
    {
        public class Settings { public int ReceiveTimeout; }
        public static readonly Dictionary<string, string> Answers = new Dictionary<string, string>();
        public static readonly Dictionary<string, int> Silences = new Dictionary<string, int>();
        public static readonly HashSet<string> Words = new HashSet<string>();
        public Settings Client = new Settings();
        private string asked;
        public void Connect(string server, int port) { if (port != 53) { throw new ArgumentException("port"); } }
        public int Send(byte[] question, int length) { asked = Convert.ToBase64String(question); return length; }
        public int Send(byte[] word, int length, string server, int port) { Words.Add(server); return length; }
        public byte[] Receive(ref IPEndPoint from)
        {
            if (Silences.ContainsKey(asked)) { throw new SocketException(Silences[asked]); }
            return Convert.FromBase64String(Answers[asked]);
        }
        public void Close() { }
    }

    // A connection that ends with a number of SocketError, or (-1) not in time.
    public class TcpClient
    {
        public static int End;
        public class Trying { public System.Threading.EventWaitHandle AsyncWaitHandle; }
        public TcpClient(AddressFamily family) { }
        public Trying BeginConnect(IPAddress address, int port, object callback, object state)
        {
            return new Trying { AsyncWaitHandle = new Handle(End != -1) };
        }
        public void EndConnect(Trying trying) { if (End != 0) { throw new SocketException(End); } }
        public void Close() { }
        private class Handle : System.Threading.EventWaitHandle
        {
            private readonly bool ended;
            public Handle(bool ended) : base(ended, System.Threading.EventResetMode.ManualReset) { this.ended = ended; }
            public override bool WaitOne(int milliseconds) { return ended; }
        }
    }

    // Three pings, of which some are answered.
    public class Ping
    {
        public static int Left;
        public class Reply { public System.Net.NetworkInformation.IPStatus Status; }
        public Reply Send(IPAddress address, int milliseconds)
        {
            if (address.Equals(IPAddress.Any)) { throw new System.Net.NetworkInformation.PingException("no address"); }
            bool answered = Left-- > 0;
            return new Reply { Status = answered ? System.Net.NetworkInformation.IPStatus.Success : System.Net.NetworkInformation.IPStatus.TimedOut };
        }
    }

    public class Drive
    {
        public string Name;
        public bool IsReady;
        public static Drive[] GetDrives()
        {
            return new[] { new Drive { Name = @"C:\", IsReady = true }, new Drive { Name = @"D:\" }, new Drive { Name = @"E:\", IsReady = true } };
        }
    }
}
