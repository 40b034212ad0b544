"""Nothing secret stays in a fact, however a machine wrote it; and what checks compare with stays comparable."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable

import pytest

from checkers import redaction
from checkers.facts import Fact, Raw
from checkers.goldens.known import _encodings, leaks
from checkers.observe import fact_of
from checkers.probe import Question, Unreadable
from checkers.probes.files import FileContent
from checkers.probes.policies import PublishedPolicies
from checkers.redaction import Redaction
from checkers.secrets import token
from labs.text import Text

from .probes import Said, Say

SECRET = "Tkhd=Rnfg=Gbjp"
SECRETS = {"initial": SECRET, "other": "Fdsk=Bvnp=Xhtg"}


class Decoding(Say):
    """Reads base64."""

    def parse(self, raw: Raw) -> Said:
        return Said(text=base64.b64decode(raw.stdout).decode())


class Complaining(Say):
    """Quotes what it could not read."""

    def parse(self, raw: Raw) -> Said:
        said = base64.b64decode(raw.stdout).decode()
        raise Unreadable(Text(f"illisible : {said}", f"unreadable: {said}"))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def read(probe: Say, text: str) -> Fact:
    return fact_of(Question("m", probe), Raw(stdout=encoded(text), stderr=encoded(text)), "agent", SECRETS)


def kept(fact: Fact) -> list[str]:
    """The secrets that somebody who tries can read in all that is stored."""
    return leaks(json.dumps(fact.model_dump(mode="json"), ensure_ascii=False), SECRETS)


def test_a_password_among_the_parameters_of_a_published_script_is_a_token() -> None:
    ini = f"[Logon]\r\n0CmdLine=lecteurs.cmd\r\n0Parameters=nolwenn.riou {SECRET}\r\n"
    folder = "/var/lib/samba/sysvol/kerbras.lan/Policies/{31B2F340-016D-11D2-945F-00C04FB984F9}"
    said = (
        f"== files\n{folder}/User/Scripts/scripts.ini:{encoded(ini)}\n{folder}/GPT.INI:{encoded('[General]')}\n== end\n"
    )
    fact = fact_of(Question("server", PublishedPolicies()), Raw(stdout=said), "agent", SECRETS)
    assert fact.status == "seen"
    [policy] = fact.value["policies"]
    assert f"nolwenn.riou {token('initial')}" in json.dumps(policy, ensure_ascii=False)
    assert kept(fact) == []


@pytest.mark.parametrize(
    "spell",
    [str, encoded, str.swapcase, lambda text: text.encode("utf-16-le").hex(), lambda text: f"%54{text[1:]}"],
    ids=["plain", "base64", "no secret", "hexadecimal", "percent"],
)
def test_only_the_very_text_is_a_token(spell: Callable[[str], str]) -> None:
    fact = read(Decoding(does=""), f"cle={spell(SECRET)} fin")
    assert (fact.value["text"] == f"cle={token('initial')} fin") is (spell is str)
    assert fact.value["text"].startswith("cle=")
    assert fact.value["text"].endswith(" fin")
    assert leaks(fact.value["text"], SECRETS) == []


def test_a_token_that_somebody_encoded_is_not_the_secret() -> None:
    assert token("initial") not in read(Decoding(does=""), f"cle={token('initial')}").value["text"]


def test_what_is_read_as_it_stands_is_compared_as_before() -> None:
    raw = Raw(stdout=f"present\ncle={SECRET}\n")
    fact = fact_of(Question("m", FileContent(path="/etc/x")), raw, "agent", SECRETS)
    assert token("initial") in json.dumps(fact.value, ensure_ascii=False)
    assert fact.raw == Raw(stdout=f"present\ncle={token('initial')}\n")


def test_a_reason_holds_none() -> None:
    fact = read(Complaining(does=""), f"cle={SECRET}")
    assert fact.why is not None
    assert fact.why.fr == f"illisible : cle={token('initial')}"
    assert kept(fact) == []


def test_names_of_a_value_hold_none_and_the_rest_stays() -> None:
    value = {SECRET: [None, 1, True, {"\U000f0000a\0b": f"x{SECRETS['other']}"}, []], "": {}}
    assert Redaction(SECRETS).value(value) == {
        token("initial"): [None, 1, True, {"\U000f0000a\0b": f"x{token('other')}"}, []],
        "": {},
    }
    assert Redaction(SECRETS).value(None) is None
    assert Redaction({}).value(value) == value


CORES = sorted({core for _, core, _, _ in _encodings(SECRET)})


@pytest.mark.parametrize("core", CORES)
def test_a_text_that_is_nothing_but_an_encoded_secret_spoils_no_other(core: str) -> None:
    """What parts two texts stands beside it then: a candidate's file could end a whole observation."""
    for texts in ([core, "a", "b"], ["a", core, "b"], ["a", "b", core], [core, core]):
        said = Redaction(SECRETS).value(texts)
        assert [one for one in said if one in ("a", "b")] == [one for one in texts if one != core]
        assert len(said) == len(texts)
        assert not any(core in one for one in said)
    fact = fact_of(Question("m", FileContent(path="/etc/x")), Raw(stdout=f"present\n{core}\n"), "agent", SECRETS)
    assert (fact.status, kept(fact)) == ("seen", [])


def test_an_output_may_hold_every_character_there_is() -> None:
    hostile = "".join(map(chr, redaction._BETWEEN))
    assert Redaction(SECRETS).value([hostile, SECRET]) == [hostile, token("initial")]


def test_a_password_that_is_the_name_of_a_field_spoils_no_value() -> None:
    assert Redaction({"admin": "text"}).value({"text": "text"}) == {"text": token("admin")}


def test_a_secret_is_known_again_whichever_brackets_were_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_BRACKETS", redaction._BRACKETS[:2])
    for _ in range(50):
        drawn = Redaction(SECRETS)
        said = drawn.readable(Raw(stdout=f"key {SECRET}")).stdout
        assert drawn.value(said) == f"key {token('initial')}"


def test_what_is_kept_of_both_streams_holds_none() -> None:
    raw = Redaction(SECRETS).kept(Raw(stdout=f"a {encoded(SECRET)}", stderr=f"! {SECRET} %54{SECRET[1:]}"))
    assert raw.stderr == f"! {token('initial')} {token('initial')}"
    assert leaks(raw.stdout, SECRETS) == []
    assert len(raw.stdout) == len(f"a {encoded(SECRET)}")
