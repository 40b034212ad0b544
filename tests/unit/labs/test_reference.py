"""Every check and every probe is documented, with an example that works; the page in docs/ is that of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.checks import CHECKS
from checkers.expect.kinds import leaves, record
from checkers.probes.catalog import FACTS, PROBES
from checkers.reference.page import page
from checkers.reference.probes import probes
from checkers.reference.words import example, field_words, parameter_words, read_fields, worded
from labs.text import Language

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page("en"), "run: EPREUVE_LANG=en epreuve lab docs > docs/checks.md"


@pytest.mark.parametrize("kind", CHECKS)
def test_a_check_is_documented_with_an_example(kind: str) -> None:
    check = CHECKS[kind]
    assert check.about.fr
    assert check.about.en
    assert check.__doc__
    silent = [name for name, field in check.model_fields.items() if parameter_words(kind, field.alias or name) is None]
    assert silent == [], "say in checkers/reference/checks.yml what they are for"
    params = example(kind)
    assert params is not None, "give an example in checkers/reference/checks.yml"
    assert check.model_validate(params).questions()


def test_nothing_is_documented_that_does_not_exist() -> None:
    unknown = {
        kind: names
        for kind, about in worded().items()
        if (names := about - set(CHECKS[kind].model_fields if kind in CHECKS else ()))
    }
    assert unknown == {}
    assert set(worded()) <= set(CHECKS)


def test_every_probe_is_documented_with_a_question_that_an_example_asks() -> None:
    documented = probes()
    assert set(documented) == set(PROBES), "no example in checkers/reference/checks.yml asks it"
    for found in documented.values():
        assert found.probe.about.fr
        assert found.probe.about.en


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_shows_every_check_and_every_probe(language: Language) -> None:
    headings = [line.removeprefix("### ") for line in page(language).splitlines() if line.startswith("### ")]
    assert headings == [*sorted(CHECKS), *probes()]


def test_the_page_says_which_machines_a_check_and_a_probe_are_for() -> None:
    sections = page("en").split("\n### ")
    told = {section.partition("\n")[0]: section for section in sections}
    assert " s. On: a Linux machine.\n" in told["package-sources"]
    both = "Probes: `dhcp-config`, `awake`. On: a Linux machine, a Windows machine.\n"
    assert both in told["dhcp-scope"]
    wired = " On: whatever answers on that network, of any system; no physical device is on it.\n"
    assert wired in told["mailbox-holds"], "its machine is asked only whether it is awake"
    assert wired in told["share-access"]
    assert " On: " not in told["smb-access"], "a witness asks it, of whatever answers"
    assert "within 20 s. On: a Linux machine, a Windows machine.\n" in told["dhcp-config"]


def test_every_field_that_a_trainer_may_name_has_a_meaning() -> None:
    """Here, not in the docstrings: trainers read French."""
    models = [leaf.field_of for probe in FACTS.values() for _, leaf in leaves(record(probe.value))]
    silent = [of for of in models if field_words(*of) is None]
    assert silent == [], "say in checkers/reference/fields.yml what they mean"
    told = {(model, name) for model, fields in read_fields().items() for name in fields}
    assert told == set(models), "nothing is told of what does not exist"
