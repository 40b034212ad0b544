# The directory is provisioned now: two minutes in an emulated machine, seconds here. The administrator's password is
# random and kept nowhere: each bench sets its own.

ip address add 192.168.50.10/32 dev lo

rm -f /etc/samba/smb.conf
samba-tool domain provision \
    --realm=KERBRAS.LAN --domain=KERBRAS --server-role=dc --dns-backend=SAMBA_INTERNAL --use-rfc2307 \
    --host-name=srv-kerbras --host-ip=192.168.50.10 --option="interfaces=lo eth0" \
    --option="bind interfaces only=yes" --backend-store=tdb --quiet > /dev/null 2> /tmp/provision.log || {
    cat /tmp/provision.log >&2
    exit 1
}
grep -v -i -e password /tmp/provision.log >&2 || true

cat > /etc/samba/smb.conf <<'EOF'
# Contrôleur de domaine KERBRAS (Samba AD)
[global]
    workgroup = KERBRAS
    realm = KERBRAS.LAN
    netbios name = SRV-KERBRAS
    server role = active directory domain controller
    interfaces = lo eth0
    bind interfaces only = yes
    idmap_ldb:use rfc2307 = yes
    template shell = /bin/bash
    template homedir = /home/%U

    # Contrôleur unique et petite machine : pas de réplication, peu de processus.
    server services = s3fs, rpc, ldap, cldap, kdc, winbindd, dns
    prefork children = 1
    rpc start on demand helpers = yes
    printing = bsd
    printcap name = /dev/null
    load printers = no
    disable spoolss = yes

[sysvol]
    path = /var/lib/samba/sysvol
    read only = No

[netlogon]
    path = /var/lib/samba/sysvol/kerbras.lan/scripts
    read only = No
EOF
# The names Kerberos knows the controller by (ldap/…, GC/…): the service that adds them later is switched off above.
samba_spnupdate
samba-tool ntacl sysvolreset
samba-tool dbcheck --cross-ncs --quiet
rm -f /var/log/samba/* /var/lib/samba/private/*.old
