#!/bin/bash
# make.sh HIVE: writes keys and values with Samba's regshell, one session for each (it loses a new key's subkeys else).
say() { printf '%s\n' "${path[@]/#/ck }" "$1" exit | regshell -F "$hive" > /dev/null; }
hive=$1 path=()
for key in Policies Microsoft WindowsFirewall; do say "mkkey $key"; path+=("$key"); done
say 'mkkey PublicProfile'; say 'mkkey FirewallRules'
path+=(PublicProfile)
say 'set EnableFirewall REG_DWORD 1'; say 'set DefaultInboundAction REG_DWORD 1'; say 'set AllowLocalPolicyMerge REG_DWORD 0'
path=(Policies Microsoft WindowsFirewall FirewallRules)
say 'set Bureau REG_SZ v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Public|LPort=3389|Name=Bureau|'
path=(Policies Microsoft)
for key in Windows WindowsUpdate AU; do say "mkkey $key"; path+=("$key"); done
say 'set AUOptions REG_DWORD 4'; say 'set ScheduledInstallDay REG_DWORD 0'; say 'set UseWUServer REG_DWORD 1'
path=(Policies Microsoft Windows WindowsUpdate)
say 'set WUServer REG_SZ http://srv-kerbras:8530'
