# ConvertTo-Json as Windows PowerShell 5.1 has it, where 7 does otherwise: what a command without output leaves in a value
# is an empty object there, a list that came as one object is wrapped, and of $null nothing comes.
if (-not ('Standin.Five' -as [type])) {
    Add-Type -TypeDefinition @'
using System;
using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;

namespace Standin
{
    public static class Five
    {
        public static object Of(object value)
        {
            if (ReferenceEquals(value, AutomationNull.Value)) { return new Hashtable(); }
            PSObject shown = value as PSObject;
            object inside = shown == null ? value : shown.BaseObject;
            if (inside is IDictionary)
            {
                Hashtable copy = new Hashtable();
                foreach (DictionaryEntry one in (IDictionary) inside) { copy[one.Key] = Of(one.Value); }
                return copy;
            }
            if (!(inside is IList)) { return value; }
            ArrayList all = new ArrayList();
            foreach (object one in (IList) inside) { all.Add(Of(one)); }
            if (shown == null || !(inside is Array)) { return all.ToArray(); }
            return new Hashtable { { "value", all.ToArray() }, { "Count", all.Count } };
        }
    }
}
'@
}

function ConvertTo-Json {
    param($InputObject, [int] $Depth = 2, [switch] $Compress)
    if ($null -eq $InputObject) { return }
    Microsoft.PowerShell.Utility\ConvertTo-Json -InputObject ([Standin.Five]::Of($InputObject)) -Depth $Depth -Compress:$Compress
}
