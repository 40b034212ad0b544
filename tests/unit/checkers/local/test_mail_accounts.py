"""``mail-account``: the accounts of Claws Mail as its file holds them."""

from __future__ import annotations

import pytest

from checkers.checks.mail_accounts import MailAccountIs
from checkers.facts import Raw
from checkers.probes.mail import MailAccounts
from tests.unit.checkers.local.judging import judged

CHECK = MailAccountIs(
    on="client", login="technicien", address="accueil@exemple.lan", user="accueil@exemple.lan", full_name="Accueil",
    host="srv.exemple.lan", send_host="srv.exemple.lan",
)  # fmt: skip
RIGHT = {
    "name": "Accueil", "address": "accueil@exemple.lan", "protocol": "3", "receive_server": "srv.exemple.lan",
    "smtp_server": "srv.exemple.lan", "user_id": "accueil@exemple.lan", "use_smtp_auth": "1", "ssl_imap": "1",
    "ssl_smtp": "2", "set_smtpport": "1", "smtp_port": "587",
}  # fmt: skip


def said(*accounts: dict[str, str], path: str = "/home/technicien/.claws-mail/accountrc") -> str:
    text = f"[file {path}]\n"
    for number, account in enumerate(accounts, 1):
        text += f"[Account: {number}]\n" + "".join(f"{key}={value}\n" for key, value in account.items())
    return text + "[end]\n"


@pytest.mark.parametrize(
    "accounts",
    [
        [RIGHT],
        [{**RIGHT, "address": "autre@exemple.lan"}, RIGHT],
        [{**RIGHT, "ssl_imap": "0"}, RIGHT],
        [{**RIGHT, "set_imapport": "1", "imap_port": "993"}],
        [{**RIGHT, "ssl_imap": "2", "set_imapport": "1", "imap_port": "993"}],
        [{**RIGHT, "set_imapport": "0", "imap_port": "143"}],
        [{**RIGHT, "protocol": "1", "config_version": "-1"}],
        [{**RIGHT, "protocol": "1", "config_version": "4"}],
        [{**RIGHT, "receive_server": "SRV.exemple.lan.", "name": "accueil"}],
    ],
)
def test_as_asked(accounts: list[dict[str, str]]) -> None:
    found = judged(CHECK, {"mail-accounts": said(*accounts)})
    assert found.outcome == "PASS", found.reason


@pytest.mark.parametrize(
    ("more", "outcome", "word"),
    [
        ({"protocol": "0"}, "FAIL", "type : trouvé « pop », attendu « imap »"),
        ({"protocol": "x"}, "FAIL", "type : trouvé « other »"),
        ({"protocol": "3", "config_version": "4"}, "FAIL", "type : trouvé « other »"),
        ({"receive_server": "192.168.1.10"}, "PART", "réception : trouvé « 192.168.1.10:993 »"),
        ({"ssl_imap": "0"}, "PART", "réception : trouvé « srv.exemple.lan:143 »"),
        ({"smtp_port": "25"}, "PART", "envoi : trouvé « srv.exemple.lan:25 »"),
        ({"set_smtpport": "0"}, "PART", "envoi : trouvé « srv.exemple.lan:25 »"),
        ({"ssl_smtp": "0"}, "PART", "chiffrement de l'envoi"),
        ({"smtp_port": "9" * 30}, "PART", "envoi : trouvé"),
        ({"use_smtp_auth": "0"}, "PART", "ne s'identifie pas"),
        ({"user_id": "accueil"}, "PART", "identifiant : trouvé « accueil »"),
        ({"name": "Nolwenn"}, "PART", "nom : trouvé « Nolwenn »"),
        ({"address": "acceuil@exemple.lan"}, "FAIL", "comptes : acceuil@exemple.lan (technicien)"),
    ],
)
def test_not_as_asked(more: dict[str, str], outcome: str, word: str) -> None:
    found = judged(CHECK, {"mail-accounts": said({**RIGHT, **more})})
    assert found.outcome == outcome, found.reason
    assert word in found.reason


def test_the_account_is_in_the_session_that_was_asked_for() -> None:
    found = judged(CHECK, {"mail-accounts": said(RIGHT, path="/root/.claws-mail/accountrc")})
    assert found.outcome == "FAIL"
    assert "(root)" in found.reason


def test_no_account_and_no_answer() -> None:
    assert judged(CHECK, {"mail-accounts": "[end]\n"}).outcome == "FAIL"
    for text in ("", said(RIGHT).removesuffix("[end]\n")):
        assert judged(CHECK, {"mail-accounts": text}).outcome == "INCONCLUSIVE"
    with pytest.raises(ValueError, match="too many"):
        MailAccounts().parse(Raw(stdout="[a]\n" * 300 + "[end]\n"))


def test_an_account_without_a_version_is_of_that_of_the_other_settings() -> None:
    text = said({**RIGHT, "protocol": "3"}).replace("accountrc]\n", "accountrc]\nconfig_version=4\n")
    assert judged(CHECK, {"mail-accounts": text}).outcome == "FAIL"
