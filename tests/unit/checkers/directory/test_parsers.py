"""The formats of a directory: names, LDIF, links and files of policies, security descriptors; hostile ones too."""

from __future__ import annotations

import base64
import contextlib
import struct
import time

import pytest

from checkers.parsers import dn, gpo, ldif, posix_acl, registry_pol, security_descriptor, smb_conf


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OU=Compta,DC=kerbras,DC=lan", "ou=compta, dc=KERBRAS , dc=lan"),
        ("OU=Comptabilité,DC=lan", "OU=Comptabilit\\C3\\A9,DC=lan"),
        ("CN=Le Goff\\, Jean,DC=lan", "cn=le goff\\2C jean,dc=lan"),
        ("OU=Comptabilité,DC=lan", "OU=Comptabilite\u0301,DC=lan"),
        ("OU=a  b,DC=lan", "OU=A b,DC=lan"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert dn.normal(one) == dn.normal(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OU=Compta,DC=lan", "CN=Compta,DC=lan"),
        ("OU=Compta,OU=Sites,DC=lan", "OU=Compta,DC=lan"),
        ("OU=a\\,OU=b,DC=lan", "OU=a,OU=b,DC=lan"),
        ("OU=Comptabilité,DC=lan", "OU=Comptabilite,DC=lan"),
    ],
)
def test_names_that_are_not(one: str, other: str) -> None:
    assert dn.normal(one) != dn.normal(other)


def test_names_taken_apart() -> None:
    assert dn.leaf("CN=Le Goff\\, Jean,OU=x,DC=lan") == "Le Goff, Jean"
    assert dn.parent("CN=a\\,b,OU=x,DC=lan") == ("ou=x", "dc=lan")
    assert dn.under("OU=Postes,OU=Kerbras", "DC=kerbras,DC=lan") == dn.normal("OU=Postes,OU=Kerbras,DC=kerbras,DC=lan")
    assert dn.under("DC=kerbras,DC=lan", "DC=kerbras,DC=lan") == ("dc=kerbras", "dc=lan")
    with pytest.raises(ValueError, match="too long"):
        dn.normal("OU=" + "x" * 5000)


LDIF = """\
# record 1
dn: OU=Une unité dont le nom est si long qu'il
  est replié,DC=lan
ou: x
description:: w6ljb2xl
objectClass: top
objectClass: organizationalUnit

# Referral
ref: ldap://kerbras.lan/CN=Configuration

# returned 2 records
"""


def test_ldif() -> None:
    (record,) = ldif.parse(LDIF)
    assert record.dn == "OU=Une unité dont le nom est si long qu'il est replié,DC=lan"
    assert record.first("DESCRIPTION") == "école"
    assert record.all("objectclass") == ["top", "organizationalUnit"]
    assert record.first("absent") == ""
    assert ldif.is_complete(LDIF)
    assert not ldif.is_complete(LDIF.replace("# returned", "# rendu"))
    assert ldif.parse(LDIF.replace("\n", "\r\n"))[0].first("ou") == "x"


def test_ldif_that_is_no_text() -> None:
    encoded = base64.b64encode(b"\xff\xfe").decode()
    assert "\ufffd" in ldif.parse(f"dn: a\nx:: {encoded}\n")[0].first("x")
    with pytest.raises(ValueError, match="base64"):
        ldif.parse("dn: a\nx:: !!!\n")


def policy(*entries: tuple[str, str, int, bytes]) -> bytes:
    body = b""
    for key, value, kind, data in entries:
        texts = [text.encode("utf-16-le") + b"\0\0" for text in (key, value)]
        numbers = [struct.pack("<I", kind), struct.pack("<I", len(data))]
        body += "[".encode("utf-16-le") + ";".encode("utf-16-le").join([*texts, *numbers, data])
        body += "]".encode("utf-16-le")
    return b"PReg\x01\0\0\0" + body


def test_registry_pol() -> None:
    text = "accès [réservé]; ok\0".encode("utf-16-le")
    entries = registry_pol.parse(
        policy(
            ("Software\\P", "issue", 1, text),
            ("Software\\P", "n", 4, struct.pack("<I", 900)),
            ("K", "q", 11, struct.pack("<Q", 1 << 40)),
            ("K", "m", 7, "a\0b\0\0".encode("utf-16-le")),
            ("K", "b", 3, b"\x01\xff"),
            ("K", "", 0, b""),
        )
    )
    assert [(e.value, e.type, e.data) for e in entries] == [
        ("issue", "REG_SZ", "accès [réservé]; ok"),
        ("n", "REG_DWORD", "900"),
        ("q", "REG_QWORD", str(1 << 40)),
        ("m", "REG_MULTI_SZ", "a\nb"),
        ("b", "REG_BINARY", "01ff"),
        ("", "REG_NONE", ""),
    ]
    assert entries[0].key == "Software\\P"


def test_registry_pol_damaged() -> None:
    whole = policy(("Software\\P", "issue", 1, b"a\0\0\0"))
    for content in (b"", b"PReg", whole[:8] + b"xx", *(whole[:cut] for cut in range(9, len(whole)))):
        with pytest.raises((ValueError, struct.error)):
            registry_pol.parse(content)
    with pytest.raises(ValueError, match="cut short"):
        registry_pol.parse(whole.replace(struct.pack("<I", 4), struct.pack("<I", 0xFFFFFFFF)))


def sid(*parts: int) -> bytes:
    return bytes([1, len(parts) - 1]) + parts[0].to_bytes(6, "big") + b"".join(struct.pack("<I", p) for p in parts[1:])


def ace(kind: int, flags: int, mask: int, who: bytes) -> bytes:
    return struct.pack("<BBHI", kind, flags, 8 + len(who), mask) + who


def descriptor(*aces: bytes, control: int = 0x8004) -> bytes:
    owner = sid(5, 32, 544)
    acl = struct.pack("<BBHHH", 2, 0, 8 + sum(map(len, aces)), len(aces), 0) + b"".join(aces)
    return struct.pack("<BBHIIII", 1, 0, control, 20, 0, 0, 20 + len(owner)) + owner + acl


def test_security_descriptor() -> None:
    found = security_descriptor.parse(
        descriptor(
            ace(1, 0, 0x2, sid(5, 11)), ace(0, 3, 0x1301BF, sid(5, 21, 1, 2, 3, 1106)), ace(0, 0, 1 << 28, sid(1, 0))
        )
    )
    assert found.owner == "S-1-5-32-544"
    assert found.dacl is not None
    assert [(a.allow, a.mask, a.sid) for a in found.dacl] == [
        (False, 0x2, "S-1-5-11"),
        (True, 0x1301BF, "S-1-5-21-1-2-3-1106"),
        (True, security_descriptor.FULL, "S-1-1-0"),
    ]
    assert security_descriptor.parse(descriptor(control=0x8000)).dacl is None


def test_security_descriptor_damaged() -> None:
    whole = descriptor(ace(0, 0, 1, sid(5, 11)))
    for cut in range(len(whole)):
        with pytest.raises((ValueError, struct.error)):
            security_descriptor.parse(whole[:cut])
    with pytest.raises(ValueError, match="version"):
        security_descriptor.from_xattr(struct.pack("<HH", 9, 9) + whole)
    with pytest.raises(ValueError, match="security"):
        security_descriptor.from_xattr(b"\0" * 10)
    with pytest.raises(ValueError, match="no security descriptor"):
        security_descriptor.from_xattr(struct.pack("<HH", 4, 4) + b"\0" * 200)


def test_links() -> None:
    one, two = "{31B2F340-016D-11D2-945F-00C04FB984F9}", "{6AC1786C-016F-11D2-945F-00C04FB984F9}"
    text = f"[LDAP://CN={one},CN=Policies,DC=lan;0][ldap://cn={two.lower()},CN=Policies,DC=lan;3]"
    assert gpo.links(text) == [gpo.Link(one, False, False), gpo.Link(two, True, True)]
    assert gpo.links(" ") == []
    assert gpo.links("[LDAP://nimporte;0][[[;;]") == []


def test_versions_and_messages() -> None:
    assert gpo.version("[General]\r\nVersion=65537") == 65537
    assert gpo.version("[General]\nversion = 3\n") == 3
    assert gpo.version("") == 0
    assert gpo.manifest_text("<data><filename>motd</filename><text>a &amp; b</text></data>") == "a & b"
    assert gpo.manifest_text("<data/>") is None


def test_acl_entries() -> None:
    entries = posix_acl.parse(
        "# file: x\nuser::rwx\ngroup:KERBRAS\\134domain\\040users:r-x #effective:r--\nmask::r--\n"
    )
    assert str(entries[1]) == "group:KERBRAS\\domain users:r-x"
    assert posix_acl.effective(entries, entries[1]) == "r--"
    assert str(posix_acl.read("d:g:compta:rx")) == "default:group:compta:r-x"
    for bad in ("compta", "group:compta:rwz", "a:b:c:d"):
        with pytest.raises(ValueError, match="ACL entry"):
            posix_acl.read(bad)


def test_smb_conf() -> None:
    whole, shares = smb_conf.parse("[global]\nguest ok = Yes\n[a]\nwriteable = yes\npath = /a\n; x\nbrowsable=no\n")
    assert smb_conf.value(whole, shares[0], "read only") == "no"
    assert smb_conf.value(whole, shares[0], "guest ok") == "yes"
    assert smb_conf.value(whole, shares[0], "browseable") == "no"
    assert smb_conf.value(whole, shares[0], "available") == "yes"
    assert smb_conf.names('@"KERBRAS\\GG Compta", +x y') == ["@KERBRAS\\GG Compta", "+x", "y"]


@pytest.mark.parametrize(
    "attack",
    [
        "dn: a\n" * 5000 + " x" * 50000,
        "\\" * 4000,
        "[LDAP://{" * 20000,
        '<guid value="' * 20000,
        '<attribute name="' * 20000,
        "user:" * 50000,
        '"' * 8000 + "@" * 8000,
        "<text>" * 30000,
        'key(1) = "' * 20000,
    ],
)
def test_hostile_texts_are_read_in_time(attack: str) -> None:
    began = time.process_time()
    for reader in (ldif.parse, dn.normal, gpo.links, gpo.applied, gpo.dump, gpo.manifest_text, gpo.version):
        with contextlib.suppress(ValueError):
            reader(attack)
    posix_acl.parse(attack)
    smb_conf.names(attack)
    assert time.process_time() - began < 10
