"""The candidate's paper: complete, safe, and silent about how it is marked."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser
from random import Random

import pytest

from labs.secrets import draw
from labs.subject import SubjectError, render_html, render_markdown, render_part
from tests.unit.labs.conftest import SUBJECT, Workbench

SECRETS = {"admin": "Tkhd=Rnfg=Gbjp", "tunnel": "private", "tunnel_public": "public"}


class Page(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [f"{name}={value}" for name, value in attrs]


def test_the_paper_shows_the_session_s_secrets(bench: Workbench) -> None:
    text = render_markdown(bench.load().lab, SUBJECT, secrets=SECRETS, candidate="Zoé")
    assert text == "# A small lab for Zoé\n\nAdministrator: `Tkhd=Rnfg=Gbjp`\n"


def test_points_of_tasks_can_be_shown(bench: Workbench) -> None:
    lab = bench.load().lab
    text = "{{ lab.points_of('names', 'wires') }}/{{ lab.points }} {{ lab.duration }}"
    text += "{% for task in lab.tasks %} {{ task.id }}{% endfor %}"
    assert render_markdown(lab, text, secrets={}, candidate="") == "5/5 1\u00a0h names wires"


@pytest.mark.parametrize(("points", "shown"), [("2.50", "2,5"), ("0.25", "0,25"), ("3.00", "3"), ("10", "10")])
def test_points_are_written_as_in_french_without_needless_zeros(bench: Workbench, points: str, shown: str) -> None:
    lab = bench.load().lab.model_copy(update={"points": Decimal(points)})
    assert render_markdown(lab, "{{ lab.points }}", secrets={}, candidate="") == shown


@pytest.mark.parametrize(("template", "shown"), [
    ("# DNS ({{ lab.points_of('names') }} points)", "# DNS"),
    ("# DNS\u00a0({{ lab.points_of('names') }}\u00a0points, {{ lab.duration }})", "# DNS"),
    ("| {{ lab.duration }} | {{ lab.points }} points |", "| 1\u00a0h | — |"),
    ("{% for task in lab.tasks %}{{ task.id }}: {{ task.points }} ; {% endfor %}", "names: — ; wires: — ; "),
    ("{{ '%s' % lab.points }} {{ '{:.1f}'.format(lab.points) }} {{ lab.points|string|length }}", "— — 1"),
    ("{{ lab.points + 0 }} {{ lab.points|int }} {{ lab.points_of('names') * 10 }}", "0 0 0"),
    ("{{ lab.points_of('names').__str__ }}", None),
])  # fmt: skip
def test_on_the_screen_nothing_is_known_of_the_points(bench: Workbench, template: str, shown: str | None) -> None:
    lab = bench.load().lab
    if shown is None:
        with pytest.raises(SubjectError):
            render_markdown(lab, template, secrets={}, candidate="", points=False)
    else:
        assert render_markdown(lab, template, secrets={}, candidate="", points=False) == shown


def test_on_the_screen_a_column_of_points_is_left_out(bench: Workbench) -> None:
    lab = bench.load().lab
    tasks = "{% for task in lab.tasks %}| {{ task.id }} | {{ task.points }} points | — |\n{% endfor %}\n"
    subject = f"| Task | Worth | Note |\n|---|---|---|\n{tasks}\n| Points |\n|---|\n| {{{{ lab.points }}}} |\n"
    subject += "\n| a | b |\n|---|---|\n| 1 | {{ lab.points }} |\n| 2 | 3 |\n"
    part = render_part(lab, subject, secrets={}, candidate="")
    assert "Worth" not in part
    assert "<th>Task</th>\n<th>Note</th>" in part
    assert "<td>names</td>\n<td>—</td>" in part, "a dash of the author's own"
    assert "<td>—</td>\n</tr>\n</tbody>\n</table>\n<table>" in part, "a table of nothing else stays"
    assert "<td>1</td>\n<td>—</td>" in part, "a column with more in it stays"
    whole = render_part(lab, subject, secrets={}, candidate="", points=True)
    assert "<th>Worth</th>" in whole


def test_a_part_of_a_page_stands_under_its_heading_and_has_no_style_attributes(bench: Workbench) -> None:
    subject = SUBJECT + "\n###### six\n\n| a | b |\n|--:|:-:|\n| 1 | 2 |\n"
    part = render_part(bench.load().lab, subject, secrets=SECRETS, candidate="Zoé")
    assert part.startswith("<h2>A small lab for Zoé</h2>")
    assert "<h6>six</h6>" in part
    assert '<td class="right">1</td>\n<td class="center">2</td>' in part
    assert not [attribute for attribute in Page(part).attributes if attribute.startswith("style=")]


@pytest.mark.parametrize("template", [
    "{{ secrets.unknown }}",
    "{{ nothing }}",
    "{{ lab.checks }}",
    "{{ lab.tasks[0].checks }}",
    "{{ lab.points_of('other') }}",
    "{{ lab.__class__.__init__.__globals__ }}",
    "{{ ''.__class__.__mro__ }}",
    "{% for x in range(10000000) %}x{% endfor %}",
    "{{ secrets.update({'a': 'b'}) }}",
    "{% include '/etc/passwd' %}",
    "{{ 1 / 0 }}",
])  # fmt: skip
def test_what_a_subject_may_not_do_is_one_clear_error(bench: Workbench, template: str) -> None:
    with pytest.raises(SubjectError) as caught:
        render_markdown(bench.load().lab, template, secrets=SECRETS, candidate="Zoé")
    assert caught.value.where.startswith("small-lab: ")


NASTY = "</title><script>alert(1)</script> *Zoé* [x](javascript:alert(1)) ![i](https://example.org/p.png) `a` | b\n# c"


def test_a_candidate_s_name_is_only_ever_text(bench: Workbench) -> None:
    page = render_html(bench.load().lab, SUBJECT, secrets=SECRETS, candidate=NASTY)
    found = Page(page)
    assert set(found.tags) == {"html", "head", "meta", "title", "style", "body", "main", "h1", "p", "code"}
    assert (
        "<h1>A small lab for &lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; *Zoé* [x](javascript:alert(1))" in page
    )


def test_the_page_stands_alone_and_runs_nothing(bench: Workbench) -> None:
    subject = (
        SUBJECT
        + "\n<script>x</script><img src=x>\n\n![logo](https://example.org/logo.png)\n"
        + "\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    page = render_html(bench.load().lab, subject, secrets=SECRETS, candidate="Zoé")
    found = Page(page)
    assert not {"script", "img", "link", "iframe", "object"} & set(found.tags)
    assert not [attribute for attribute in found.attributes if attribute.startswith(("src=", "on", "style="))]
    assert "table" in found.tags
    assert "default-src 'none'" in page
    assert "@page { size: A4" in page
    assert "url(" not in page
    assert "@import" not in page


def test_nothing_of_the_checks_is_on_the_paper(bench: Workbench) -> None:
    """Whatever the subject prints of what it is given, no check's id, kind, title or parameter can come out."""
    bench.replace("check: radio", "check: own-test")
    bench.replace("with:\n          ap: server", "with:\n          on: server\n          test: test_desk.py::test_it")
    lab = bench.load().lab
    dump = "{{ lab }} {{ lab.tasks }} {{ secrets }} {{ candidate }} {% for n in lab.__dict__ %}{{ n }}{% endfor %}"
    with pytest.raises(SubjectError):
        render_markdown(lab, dump, secrets=SECRETS, candidate="Zoé")
    text = render_markdown(lab, dump.split("{% for")[0], secrets=SECRETS, candidate="Zoé")
    for _, check in lab.checks():
        for word in (check.id, check.check, check.title, "test_desk", "desk"):
            assert not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text), word


def test_drawn_secrets_are_what_a_subject_needs(bench: Workbench) -> None:
    lab = bench.load().lab
    assert render_markdown(lab, SUBJECT, secrets=draw(lab.secrets, Random(1)), candidate="Zoé").count("=") == 2  # noqa: S311 - seeded on purpose
