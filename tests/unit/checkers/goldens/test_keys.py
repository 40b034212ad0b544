"""What looks like a key is hidden; what only talks of keys, and people's names, is not."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.goldens.madeup import KINDS
from checkers.goldens.scrub import Scrubber

KEY = base64.b64encode(bytes(range(7, 39))).decode()
PEM = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXkt\ndjEAAAAA\n-----END OPENSSH PRIVATE KEY-----"

HIDDEN = {
    "key": [(f"PrivateKey = {KEY}", KEY), (f"wg0\t{KEY}\t(none)\t51820", KEY), (f'"{KEY}"', KEY)],
    "pem": [
        (PEM, "b3BlbnNzaC1rZXkt"),
        (json.dumps(PEM), "djEAAAAA"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQ", "MIIEvQ"),
    ],
    "password": [
        ("wpa_passphrase=une phrase secrète", "phrase secrète"),
        ("  psk=Atelier-2026", "Atelier-2026"),
        ('network={ ssid="Atelier" psk="Atelier-2026" }', "Atelier-2026"),
        ("sae_password=Atelier-2026|vlanid=3", "Atelier-2026"),
        ("option key 'x'\noption wpa_psk 'y'\nroot_password: Bonjour-01", "Bonjour-01"),
        ("mount -o username=svc,password=Bonjour-01,uid=0", "Bonjour-01"),
        ("https://api/?user=a&api_key=Bonjour01&x=1", "Bonjour01"),
        ("<keyMaterial>Bonjour-01</keyMaterial>", "Bonjour-01"),
        ('cpassword="j1Uyj3Vx8TY9LtLZil2uAuZkFQA/4latT76ZwgdHdhw"', "j1Uyj3Vx8TY9LtLZil2uAuZkFQA"),
        ("<AdministratorPassword><Value>UABhAHMAcwA=</Value><PlainText>false</PlainText>", "UABhAHMAcwA="),
        ("<Password>\n <PlainText>true</PlainText>\n <Value>Bonjour-01</Value>\n</Password>", "Bonjour-01"),
        ('"DefaultPassword"="Bonjour-01"', "Bonjour-01"),
        ("ms-Mcs-AdmPwd: a9:B_c,dE1-", "a9:B_c,dE1-"),
        ('msLAPS-Password: {"n":"Administrator","t":"1d9","p":"a9:B_c,dE1-"}', "a9:B_c,dE1-"),
        ("    Contenu de la clé            : Bonjour-01", "Bonjour-01"),
        ("    Key Content            : Bonjour-01", "Bonjour-01"),
    ],
    "hash": [
        ("Administrator:500:aad3b435b51404eeaad3b435b51404ee:31d6cfe0d16ae931b73c59d7e0c089c0:::", "31d6cfe0d16ae931"),
        ("root:$6$abcdefgh$0123456789abcdefghijkl.:19700::", "0123456789abcdefghijkl"),
        (f"wpa_psk={'0f' * 32}", "0f0f0f"),
    ],
    "recovery": [("111111-222222-333333-444444-555555-666666-777777-888888", "444444")],
    "product": [("VK7JG-NPHTM-C97JM-9MPGT-3V66T", "NPHTM")],
    "token": [
        ("Authorization: Bearer abcDEF012345==", "abcDEF012345"),
        ('{"Authorization": "Basic YWRtaW46Qm9uam91cjAx"}', "YWRtaW46Qm9uam91cjAx"),
        ("cookie eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_def", "eyJzdWIiOiIxMjM0In0"),
    ],
}
CASES = [(kind, text, secret) for kind, cases in HIDDEN.items() for text, secret in cases]


@pytest.mark.parametrize(("kind", "text", "secret"), CASES)
def test_it_is_hidden_counted_and_stays_hidden(kind: str, text: str, secret: str) -> None:
    scrubber = Scrubber({})
    hidden = scrubber.text(text)
    assert secret not in hidden
    assert scrubber.made_up.counts[kind] >= 1, scrubber.made_up.counts
    again = Scrubber({})
    assert again.text(hidden) == hidden, "what is made up is known as such"
    assert not +again.made_up.counts


@pytest.mark.parametrize(
    "text",
    [
        "passwd: files systemd winbind",
        "min password length = 7",
        "password [success=1 default=ignore] pam_unix.so obscure yescrypt",
        "PasswordAuthentication no",
        "PrivateKey = -",
        "check that you have not made any basic syntax errors; the bearer capability",
        "wg0\t(none)\t-\t51820",
        "key_mgmt=WPA-PSK",
        "use_password=yes",
        "wpa_passphrase=‹secret:wifi›",
        "pwdLastSet: 133456789012345678",
        "badPwdCount: 0",
        "mail = nolwenn.riou@kerbras.lan, Nolwenn Riou <nolwenn.riou@kerbras.lan>",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  fichier",
        "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        "2026-11-26T02:49:36Z 192.168.50.10 nolwenn-perrin-karim-benali-gwenn",
    ],
)
def test_what_is_no_key_stays(text: str) -> None:
    scrubber = Scrubber({})
    assert scrubber.text(text) == text
    assert not +scrubber.made_up.counts


def test_a_password_is_known_again_where_nothing_tells_it() -> None:
    text = Scrubber({}).text("wpa_passphrase=Atelier-2026\n\nap Atelier-2026 wpa2")
    assert "Atelier-2026" not in text


def test_equal_originals_have_equal_stand_ins() -> None:
    scrubber = Scrubber({})
    first, second = scrubber.text(f"peer: {KEY}"), scrubber.text(f"wg0 {KEY}")
    assert first.split()[-1] == second.split()[-1]
    other = scrubber.text(base64.b64encode(bytes(32)).decode()[:-2] + "E=")
    assert other != second.split()[-1]
    assert len(base64.b64decode(other, validate=True)) == 32, "it is a key for whoever reads it"


def test_a_key_of_an_object_tells_what_it_holds() -> None:
    answer = {"SharedSecret": "abc", "name": "abc", "psk": ["x1", ""], "secure": "set", "password_age": "P1D"}
    hidden = Scrubber({}).answer(answer)
    assert hidden == {
        "SharedSecret": "made-up-1",
        "name": "abc",
        "psk": ["made-up-2", ""],
        "secure": "set",
        "password_age": "P1D",
    }


def test_every_kind_is_told_to_people() -> None:
    assert set(HIDDEN) | {"secret", "sid", "guid", "mac", "serial"} == set(KINDS)


@given(st.text(max_size=300))
def test_any_text_can_be_hidden(text: str) -> None:
    Scrubber({"it": "Tkhd=Rnfg=Gbjp"}).text(text)
