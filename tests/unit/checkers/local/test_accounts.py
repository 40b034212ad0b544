"""``local-user``: what an account is, from passwd, group and shadow."""

from __future__ import annotations

import pytest

from checkers.checks.accounts import LocalUserIs
from checkers.facts import Raw
from checkers.probe import Unreadable
from checkers.probes.accounts import LocalAccounts
from tests.unit.checkers.local.judging import Judged, judged

TODAY = 20000


def output(
    line: str = "depannage:x:1001:1001:Depannage informatique,,,:/home/depannage:/bin/bash",
    shadow: str = "depannage:hash:19000:0:99999:7:::",
    group: str = "sudo:x:27:depannage",
) -> str:
    return (
        f"== passwd\nroot:x:0:0:root:/root:/bin/bash\n{line}\n== group\nroot:x:0:\ndepannage:x:1001:\n{group}\n"
        f"== shells\n# /etc/shells\n/bin/sh\n/bin/bash\n/usr/bin/zsh\n== today\n{TODAY * 86400 + 7}\n"
        f"== shadow\nroot:!:19000:0:99999:7:::\n{shadow}\n"
    )


def verdict(text: str, **changes: object) -> Judged:
    expected = {"on": "client", "name": "depannage", "full_name": "Depannage informatique", "groups": ["sudo"]}
    check = LocalUserIs.model_validate({**expected, "locked": False, **changes})
    return judged(check, {"local-accounts": text})


@pytest.mark.parametrize(
    "text",
    [
        output(),
        output(line="depannage:x:1001:27:DEPANNAGE informatique:/srv/d:/usr/bin/zsh", group="sudo:x:27:"),
        output(shadow="depannage:hash:19000:0:99999:7::20001:"),
    ],
)
def test_right_accounts(text: str) -> None:
    assert verdict(text).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (output(line="Depannage:x:1001:1001::/home/d:/bin/bash"), "introuvable"),
        (output(group="sudo:x:27:depannage2"), "n'est pas membre du groupe « sudo »"),
        (output(group="admin:x:27:depannage"), "(groupes : depannage, admin)"),
        (output(shadow="depannage:!:19000:0:99999:7:::"), "verrouillé ou sans mot de passe"),
        (output(shadow="depannage::19000:0:99999:7:::"), "verrouillé ou sans mot de passe"),
        (output(shadow="depannage:hash:19000:0:99999:7::20000:"), "expiré"),
        (output(line="depannage:x:1001:1001:Depannage informatique:/h:/usr/sbin/nologin"), "nologin"),
        (output(line="depannage:x:1001:1001:Stagiaire:/h:/bin/bash"), "trouvé « Stagiaire »"),
    ],
)
def test_accounts_that_look_right(text: str, word: str) -> None:
    result = verdict(text)
    assert result.outcome != "PASS"
    assert word in result.reason


@pytest.mark.parametrize(
    ("shadow", "outcome"),
    [
        ("depannage:!:19000:0:99999:7:::", "PASS"),
        ("depannage:hash:19000:0:99999:7::1:", "PASS"),
        ("depannage:*:19000:0:99999:7:::", "PASS"),
        ("depannage:hash:19000:0:99999:7:::", "FAIL"),
        ("depannage::19000:0:99999:7:::", "FAIL"),
        ("autre:hash:19000:0:99999:7:::", "INCONCLUSIVE"),
    ],
)
def test_locking(shadow: str, outcome: str) -> None:
    """``passwd -l``, ``usermod -L`` and an expiry date all lock; an account that merely exists earns nothing."""
    assert verdict(output(shadow=shadow), full_name=None, groups=[], locked=True).outcome == outcome


@pytest.mark.parametrize(("asked", "outcome"), [(None, "PASS"), (False, "PASS"), (True, "PART")])
def test_a_locked_account_may_lose_its_shell_too(asked: bool | None, outcome: str) -> None:
    text = output(
        line="depannage:x:1001:1001::/home/depannage:/usr/sbin/nologin", shadow="depannage:!:19000:0:99999:7:::"
    )
    assert verdict(text, full_name=None, groups=[], locked=True, shell_ok=asked).outcome == outcome


def test_unwanted_group() -> None:
    assert verdict(output(), not_groups=["sudo"], groups=[]).outcome == "PART"


@pytest.mark.parametrize("text", ["", "== passwd\n", "== passwd\nroot:x:0:0:root:/root:/bin/bash\n"])
def test_nothing_seen(text: str) -> None:
    with pytest.raises(Unreadable):
        LocalAccounts().parse(Raw(stdout=text))
    assert verdict(text).outcome == "INCONCLUSIVE"


def test_no_hash_leaves_the_machine() -> None:
    assert "cat /etc/shadow" not in LocalAccounts().command()
