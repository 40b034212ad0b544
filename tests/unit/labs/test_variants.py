"""Variants: values stand where they are named, no two collide, and drawing is the same for ever."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.errors import UsageError
from labs.nodes import Node
from labs.placeholders import resolve
from labs.rules.combined import combined
from labs.subject import SubjectError, render_markdown
from labs.values import VariantError, drawn, fitting
from labs.variant import Value, Variant, environment, parts
from tests.unit.labs.conftest import Workbench

SITES = """\
variants:
  site:
    per: candidate
    values:
      - { nom: Lorient, poste: desk, canal: 1 }
      - { nom: Brest, poste: bureau, canal: 1 }
  borne:
    per: session
    values: [192.168.1.40, 192.168.1.41]
"""
SUBJECT = "{{ variants.site.nom }} {{ variants.borne }} {{ secrets.admin }}\n"


@pytest.fixture
def varied(bench: Workbench) -> Workbench:
    """The small lab: the client's name and an address are variants."""
    bench.replace("tasks:\n", SITES + "tasks:\n")
    bench.replace("          name: desk\n", '          name: "{{ variants.site.poste }}"\n')
    bench.replace("          address: 192.168.1.10\n", '          address: "{{ variants.borne }}"\n')
    bench.write("sujet.md", SUBJECT)
    return bench


def params(lab: object) -> list[dict[str, object]]:
    return [check.params for _, check in lab.lab.checks()]  # type: ignore[attr-defined]


def test_a_lab_has_the_first_values_or_others(varied: Workbench) -> None:
    lab = varied.load()
    assert params(lab)[0]["name"] == "desk"
    other = lab.chosen({"site": "Brest", "borne": "192.168.1.41"})
    assert (params(other)[0]["name"], params(other)[2]["address"]) == ("bureau", "192.168.1.41")
    assert other.hash == lab.hash
    assert params(other.variant(lab.values)) == params(lab)
    assert render_markdown(
        other.lab, other.subject, secrets={"admin": "s"}, variants=other.values, candidate=""
    ).startswith("Brest 192.168.1.41")


def test_a_paper_without_values_is_not_made_up(varied: Workbench) -> None:
    lab = varied.load()
    with pytest.raises(SubjectError):
        render_markdown(lab.lab, lab.subject, secrets={"admin": "s"}, candidate="")
    with pytest.raises(SubjectError):
        render_markdown(lab.lab, "{{ variants.site.ville }}", secrets={}, variants=lab.values, candidate="")


def test_who_names_no_value_of_the_lab_is_told_which_there_are(varied: Workbench) -> None:
    lab = varied.load()
    with pytest.raises(UsageError, match="Brest") as told:
        lab.chosen({"site": "Brst"})
    assert told.value.do is not None
    assert "vouliez-vous dire « Brest »" in told.value.do.fr
    with pytest.raises(UsageError, match="variante"):
        lab.chosen({"sites": "Brest"})


def test_values_of_another_version_are_used_as_they_are_but_never_guessed(varied: Workbench) -> None:
    lab = varied.load()
    gone = {"site": {"nom": "Vannes", "poste": "vitrine", "canal": 6}, "borne": "192.168.1.49", "more": "x"}
    assert params(lab.variant(gone))[0]["name"] == "vitrine"
    with pytest.raises(VariantError, match="borne"):
        lab.variant({"site": gone["site"]})
    with pytest.raises(VariantError, match="site"):
        lab.variant({**gone, "site": "Vannes"})


def test_a_number_stays_a_number_where_it_stands_alone(varied: Workbench) -> None:
    varied.replace('name: "{{ variants.site.poste }}"', 'name: "pc{{ variants.site.canal }}{{variants.site.poste}}"')
    root = varied.load()._written
    (check, *_) = root.map["tasks"].items[0].map["checks"].items
    check.map["with"].map["number"] = Node(1, 1, "{{ variants.site.canal }}")
    found = resolve(root, varied.load().values).map["tasks"].items[0].map["checks"].items[0].map["with"]
    assert found.plain() == {"on": "client", "name": "pc1desk", "number": 1}


def test_scripts_find_values_in_their_environment() -> None:
    assert environment({"site": {"nom": "Brest", "canal": 1}, "borne": "x"}) == {
        "VARIANTS_SITE_NOM": "Brest",
        "VARIANTS_SITE_CANAL": "1",
        "VARIANTS_BORNE": "x",
    }


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        ("nom: Brest", "nom: LORIENT ", "variant-collision", "n° 1 de « site »"),
        ("[192.168.1.40, 192.168.1.41]", "[192.168.1.40, 192.168.1.40/24]", "variant-collision", "n° 1 de « borne »"),
        ("[192.168.1.40, 192.168.1.41]", "[192.168.1.40, Lorient]", "variant-collision", "de « site »"),
        ("192.168.1.41]", "192.168.1.20]", "variant-collision", "déjà pris dans ce sujet"),
        ("192.168.1.41]", "192.168.1.250]", "variant-collision", "déjà pris dans ce sujet"),
        ("192.168.1.41]", "52:54:00:00:01:02]", "variant-collision", "déjà pris dans ce sujet"),
        ("nom: Brest", "nom: Server", "variant-collision", "déjà pris dans ce sujet"),
        (", canal: 1 }\n  borne", " }\n  borne", "variant-parts", "mêmes parties"),
        ("  borne:", "  site_nom:", "variant-collision", "$VARIANTS_SITE_NOM"),
        ("poste: bureau", "items: bureau", "variant-parts", "mêmes parties"),
        ("  borne:", "  items:", "wrong-value", "« items »"),
        ("192.168.1.41]", "[x]]", "wrong-type", "valeur de variante"),
        ("192.168.1.41]", "true]", "wrong-type", "valeur de variante"),
        ("192.168.1.41]", '"{{ lab }}"]', "wrong-type", "valeur de variante"),
        (", 192.168.1.41]", "]", "wrong-value", "une liste"),
        ("variants.site.poste }}", "variants.site.post }}", "unknown-variant", "variants.site.post"),
        ("variants.site.poste }}", "variants.site }}", "unknown-variant", "variants.site"),
        ("variants.site.poste }}", "variants.sit.poste }}", "unknown-variant", "variants.sit"),
        ("title: Names\n", 'title: "{{ variants.site.nom }}"\n', "misplaced-variant", "ne peut pas servir ici"),
        ("image: client", 'image: "{{ variants.site.nom }}"', "misplaced-variant", "ne peut pas servir ici"),
        ("poste: bureau", "poste: b", "wrong-value", "(avec site = Brest"),
    ],
)
def test_what_cannot_be_is_told(varied: Workbench, old: str, new: str, code: str, said: str) -> None:
    varied.replace(old, new)
    assert any(one.code == code and said in one.text().fr for one in varied.lint()), [str(one) for one in varied.lint()]


def test_a_value_that_no_check_tells_from_another_is_told(varied: Workbench) -> None:
    varied.replace('name: "{{ variants.site.poste }}"', "name: desk")
    told = [one for one in varied.lint() if one.code == "variant-not-checked"]
    lines = (varied.folder / "lab.yml").read_text().splitlines()
    assert [(lines[one.line - 1].strip(), "1ᵉ" in one.what.fr) for one in told] == [
        ("- { nom: Brest, poste: bureau, canal: 1 }", True)
    ]


def test_names_in_the_subject_the_solution_and_scripts_are_known(varied: Workbench) -> None:
    varied.write(
        "sujet.md", "{{ variants.site.nom }}\n{{ variants.site.ville }} {{ variants.bornes }} {{ secrets.admin }}"
    )
    varied.replace("echo {{ secrets.tunnel }}", "echo {{ secrets.tunnel }} {{ variants.site.nm }}", file="solution.yml")
    varied.write("server.sh", "echo $VARIANTS_SITE_NOM ${VARIANTS_SITE_VILLE}\n")
    told = [(str(one.file), one.line) for one in varied.lint() if one.code == "unknown-variant"]
    assert told == [("server.sh", 1), ("solution.yml", 8), ("sujet.md", 2), ("sujet.md", 2)]


def test_braces_without_quotes_are_told_with_what_is_missing(varied: Workbench) -> None:
    varied.replace('name: "{{ variants.site.poste }}"', "name: {{ variants.site.poste }}")
    (told,) = varied.lint()
    assert told.allowed is not None
    assert "guillemets" in told.allowed.fr


DECLARED = {"site": Variant(per="candidate", values=("a", "b", "c")), "mot": Variant(per="session", values=(1, 2))}


def test_drawing_is_as_it_was_on_the_first_day() -> None:
    """A value that changes here would change what candidates of sessions under way are asked."""
    found = [drawn(DECLARED, seed="00ff", session="juin", candidate=f"c{number:02d}") for number in range(1, 7)]
    assert [one["site"] for one in found] == ["c", "c", "c", "b", "b", "a"]
    assert len({one["mot"] for one in found}) == 1


def test_anybody_can_draw_again_with_a_shell() -> None:
    made = subprocess.run(
        ["/bin/sh", "-c", r"printf 'epreuve-variants/1\n%s\n%s\n%s\n%s' 00ff juin c01 site | sha256sum"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    number = int(made.split()[0], 16)
    assert drawn(DECLARED, seed="00ff", session="juin", candidate="c01")["site"] == "abc"[number % 3]


@given(st.text("0123456789abcdef", min_size=8, max_size=32))
def test_every_value_is_drawn_for_somebody_of_a_large_room(seed: str) -> None:
    found = [drawn(DECLARED, seed=seed, session="juin", candidate=f"c{number:03d}") for number in range(150)]
    assert {one["site"] for one in found} == {"a", "b", "c"}


_SCALARS = st.one_of(st.integers(-(2**40), 2**40), st.text("abc é-.", min_size=1, max_size=5).filter(str.strip))


@given(st.dictionaries(st.sampled_from(["nom", "ssid"]), _SCALARS, min_size=1))
def test_values_are_filled_in_for_what_names_them_and_nothing_else(value: dict[str, str | int]) -> None:
    texts = [f"{{{{ variants.x.{part} }}}}" for part in value] + ["{{ variants.y }}", "$x ${x} {{ x }}"]
    task = {"checks": Node(1, 1, [Node(1, 1, {"with": Node(2, 3, [Node(1, 1, text) for text in texts])})])}
    root = Node(1, 1, {"tasks": Node(1, 1, [Node(1, 1, task)]), "title": Node(1, 1, texts[0])})
    found = resolve(root, {"x": dict(value)})
    assert found.plain()["tasks"][0]["checks"][0]["with"] == [*value.values(), *texts[-2:]]
    assert found.plain()["title"] == texts[0]
    assert found.map["tasks"].items[0].map["checks"].items[0].map["with"].line == 2


@given(st.lists(st.integers(2, 7), min_size=1, max_size=5))
def test_every_two_values_of_two_variants_are_looked_at_together(counts: Sequence[int]) -> None:
    declared = {f"v{number}": list[Value](range(count)) for number, count in enumerate(counts)}
    rows = combined(declared, few=8)
    assert rows[0] == dict.fromkeys(declared, 0)
    for name, values in declared.items():
        assert {row[name] for row in rows} == set(values)
    for one, other in combinations(declared, 2):
        wanted = {(a, b) for a in declared[one] for b in declared[other]}
        assert {(row[one], row[other]) for row in rows} == wanted


def test_many_values_are_each_looked_at_without_end() -> None:
    rows = combined({"a": list[Value](range(24)), "b": list[Value](range(24)), "c": ["x", "y"]})
    assert len(rows) == 24
    assert {row["a"] for row in rows} == {row["b"] for row in rows} == set(range(24))


def test_more_than_can_be_linted_is_told(varied: Workbench) -> None:
    many = ", ".join(f"192.168.1.{number}" for number in range(40, 65))
    varied.replace("[192.168.1.40, 192.168.1.41]", f"[{many}]")
    assert any(one.code == "wrong-value" and "24" in one.text().fr for one in varied.lint())


def test_parts_of_a_plain_value_have_no_name() -> None:
    assert (parts(3), parts({"a": 1})) == ({"": 3}, {"a": 1})
    assert fitting(DECLARED, {"site": "z", "mot": 9}) == {"site": "z", "mot": 9}
