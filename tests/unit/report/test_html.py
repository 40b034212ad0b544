"""The pages say what the report says, to a jury member who has never seen the product."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from checkers.facts import Again, Look, Raw
from checkers.report import session_report
from checkers.report.html import candidate_html, index_html
from checkers.report.words import LABELS, Words

NOW = datetime(2025, 11, 21, 13, 0, tzinfo=UTC)
WORDS = {
    "fr": {"PASS": "Conforme", "FAIL": "Non conforme", "INCONCLUSIVE": "Non observé"},
    "en": {"PASS": "As expected", "FAIL": "Not as expected", "INCONCLUSIVE": "Not observed"},
}


@pytest.fixture(scope="module", params=["fr", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module", params=[False, True], ids=["real", "simulated"])
def report(request, sample):
    return sample.report(sample.observation(simulated=request.param))


@pytest.fixture(scope="module")
def pages(report, language):
    session = session_report([report], generated_at=NOW)
    return candidate_html(report, language), index_html(session, language)


def test_pages_are_well_formed_and_say_their_language(pages, parse, language):
    for text in pages:
        assert text.startswith("<!doctype html>\n")
        root = parse(text).root
        (html,) = root.all("html")
        assert html.attributes["lang"] == language
        ids = [element.attributes["id"] for element in root.all() if "id" in element.attributes]
        assert len(set(ids)) == len(ids)
        for link in root.all("a"):
            target = link.attributes["href"] or ""
            if target.startswith("#"):
                assert target[1:] in ids


def test_pages_load_nothing_and_run_nothing(pages, parse):
    for text in pages:
        root = parse(text).root
        assert not [e.tag for e in root.all() if e.tag in ("script", "link", "img", "iframe", "object", "base", "form")]
        assert not re.search(r"https?:|//[a-z]|url\((?!#)|@import", text)
        for element in root.all():
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"]


def test_the_policy_allows_the_pages_own_style_and_nothing_else(pages, parse):
    for text in pages:
        (meta,) = [m for m in parse(text).root.all("meta") if m.attributes.get("http-equiv")]
        (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert meta.attributes["content"] == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )


def test_headings_never_skip_a_level(pages, parse):
    for text in pages:
        levels = [int(e.tag[1]) for e in parse(text).root.all() if re.fullmatch(r"h[1-6]", e.tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_check_shows_verdict_points_and_reason(pages, parse, report, language):
    articles = parse(pages[0]).root.all("article", "check")
    assert len(articles) == 45
    for article, check in zip(articles, report.checks, strict=True):
        (verdict,) = article.all("span", "verdict")
        assert verdict.text() == f"{WORDS[language][check.verdict]} {check.verdict.value}"
        assert [use.attributes["href"] for use in verdict.all("use")] == [f"#i-{check.verdict.value}"]
        assert check.title in article.all("h4")[0].text()
        assert article.all("p", "reason")[0].text().startswith(check.reason_in(language))
        points = f"{float(check.points):g}" if language == "en" else f"{float(check.points):g}".replace(".", ",")
        assert article.all("p", "score")[0].text().startswith(points)
        assert len(article.all("details", "fact")) == len(check.facts)


def test_the_jurys_list_holds_every_unseen_check_before_the_details(pages, parse, report):
    root = parse(pages[0]).root
    sections = [section.attributes["id"] for section in root.all("section") if "task" not in str(section.attributes)]
    assert sections[:4] == ["guide", "jury", "summary", "results"]
    (jury,) = [section for section in root.all("section") if section.attributes["id"] == "jury"]
    linked = [link.attributes["href"] for link in jury.all("a")]
    assert linked == [f"#c-{check.id}" for check in report.checks if check.verdict == "INCONCLUSIVE"]


def test_the_total_says_what_the_jury_may_add(pages, language):
    text = " ".join(pages[0].replace("\xa0", " ").split())
    expected = "5 points en suspens : de 72,25 à 77,25 points selon la décision du jury."
    assert (expected if language == "fr" else "5 points left open: from 72.25 to 77.25 points") in text


def test_a_fact_tells_who_was_asked_when_and_what_came_back(sample, parse, language):
    report = sample.report()
    page = parse(candidate_html(report, language)).root
    by_number = {detail.all("span", "fact-number")[0].text(): detail for detail in page.all("details", "fact")}
    lease = by_number["P5"]
    assert lease.all("span", "witness")
    assert ("sur le réseau «" if language == "fr" else "on network “") in lease.text()
    scope = by_number["P4"].text()
    assert "13:02:11" in scope
    assert ("agent dans la machine « Serveur » (server)" if language == "fr" else "agent inside machine") in scope
    assert "subnets[1].pools[1].last 192.168.50.149" in scope
    assert '"pools": [ { "pool": "192.168.50.100 - 192.168.50.149" } ]' in scope
    assert "34 ms" in scope
    assert not by_number["P4"].all("span", "witness")


def test_every_section_row_and_check_of_a_simulation_says_so(sample, parse, language):
    tag = "simulé" if language == "fr" else "simulated"
    report = sample.report(sample.observation(simulated=True))
    for text in (candidate_html(report, language), index_html(session_report([report], generated_at=NOW), language)):
        root = parse(text).root
        assert root.all("p", "banner")
        title = root.all("title")[0].text()
        assert title.startswith("[SIMULATION]" if language == "fr" else "[SIMULATED]")
        for heading in (*root.all("h2"), *root.all("h4")):
            assert heading.all("span", "tag")[0].text() == tag
        for table in (*root.all("table", "sums"), *root.all("table", "examine")):
            for row in [row for part in (*table.all("tbody"), *table.all("tfoot")) for row in part.all("tr")]:
                assert row.all("span", "tag"), row.text()
        assert "@top-right" in root.all("style")[0].text()


def test_a_real_session_never_says_simulated(sample, parse):
    report = sample.report()
    for text in (candidate_html(report), index_html(session_report([report], generated_at=NOW))):
        body = parse(text).root.all("body")[0].text().lower()
        assert "simul" not in body


def test_the_first_page_of_a_candidate_without_unseen_checks_says_that_all_is_settled(sample, parse):
    report = sample.report(the_verdicts=sample.verdicts(sample.lab(), {}, {}))
    text = parse(candidate_html(report)).root.text()
    assert "Tous les contrôles ont pu être observés." in text
    assert "Rien ici" in text


def test_long_outputs_are_bounded_and_say_what_is_left_out(sample, parse):
    long = Raw(stdout="début\n" + "A" * 100_000 + "\nfin\n")
    facts = {
        key: {"raw": long, "value": {"lines": [{"n": n} for n in range(10_000)]}} for key in ("server/ad-objects",)
    }
    report = sample.report(sample.observation(facts=facts))
    text = candidate_html(report)
    assert len(text) < 700_000
    page = parse(text).root
    detail = next(d for d in page.all("details", "fact") if "ad-objects" in d.text())
    outputs = [pre.text() for pre in detail.all("pre")]
    assert any(part.startswith("début") for part in outputs)
    assert any(part.endswith("fin") for part in outputs)
    cut = " ".join(part.text() for part in detail.all("p", "cut"))
    assert "92011 caractères ne sont pas montrés ici" in cut
    assert "report.json" in cut


def test_a_fact_that_was_not_seen_says_why(sample, parse, language):
    page = parse(candidate_html(sample.report(), language)).root
    unseen = page.all("span", "fact-unseen")
    assert len(unseen) == 2
    assert ("non vu – la commande" if language == "fr" else "not seen – the command") in unseen[0].text()


def test_a_verdict_whose_fact_is_missing_still_makes_a_page(sample, parse):
    seen = sample.observation()
    seen = seen.model_copy(update={"facts": seen.facts[1:]})
    text = parse(candidate_html(sample.report(seen))).root.text()
    assert "Preuve absente de l'observation : client/host-name" in text.replace("\xa0", " ")


def test_a_lab_that_changed_since_the_exam_is_told(sample, parse):
    warning = "Attention : le sujet a changé entre l'épreuve et le jugement."
    assert warning not in parse(candidate_html(sample.report())).root.text()
    assert warning in parse(candidate_html(sample.report(lab_hash="0" * 64))).root.text()


def test_the_annex_tells_hashes_versions_times_and_how_to_judge_again(sample, parse):
    report = sample.report()
    (annex,) = [s for s in parse(candidate_html(report)).root.all("section") if s.attributes["id"] == "annex"]
    text = annex.text()
    for expected in (
        report.observation_hash,
        report.lab.hash,
        "libvirt 11.3.0",
        "21/11/2025 à 13:02:11 (UTC+01:00)",
        "le point d'accès a démarré à froid",
        "epreuve judge 01-nadia-le-goff/observation.json",
        "sha256sum observation.json",
    ):
        assert expected in text


def test_an_unknown_time_zone_falls_back_on_utc(sample):
    text = candidate_html(sample.report(), zone="Atlantis/Capital")
    assert "12:02:11 (UTC)" in text


def test_without_a_zone_times_are_local_and_the_zone_is_named(sample, monkeypatch):
    for zone, name in (("Europe/Paris", r"CES?T, UTC\+0[12]:00"), ("UTC", "UTC")):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        text = candidate_html(sample.report(), zone="")
        assert re.search(f"Heures données pour le fuseau {name}", text), zone
        assert ("13:02:11 (UTC+01:00)" in text) is (zone == "Europe/Paris")
    monkeypatch.undo()
    time.tzset()


def test_every_label_exists_in_both_languages_with_the_same_places():
    for name, text in LABELS.items():
        assert text.fr, name
        assert text.en, name
        assert set(re.findall(r"\{(\w+)\}", text.fr)) == set(re.findall(r"\{(\w+)\}", text.en)), name


def test_french_labels_do_not_break_before_tall_marks():
    words = Words("fr")
    assert words.other_facts_intro == "Relevés pendant la même observation\xa0; aucun contrôle ne les cite directement."
    with pytest.raises(AttributeError):
        _ = words.nothing_of_the_kind


def test_what_was_asked_again_stands_with_its_later_answers(sample):
    seen = sample.observation()
    first = next(fact for fact in seen.facts if fact.status == "seen" and fact.raw)
    look = Look(
        round=2, status="seen", value=first.value, raw=Raw(stdout="<later & more>"), channel="agent", taken_at=NOW
    )
    asked = first.model_copy(update={"again": Again(times=3, until=NOW, looks=(look,))})
    facts = tuple(asked if fact is first else fact for fact in seen.facts)
    page = candidate_html(sample.report(seen.model_copy(update={"facts": facts})), "fr")
    assert "Demandé de nouveau" in page
    assert re.search(r"3 fois, la dernière à \d\d:\d\d", page)
    assert "&lt;later &amp; more&gt;" in page


def test_values_of_the_variants_stand_at_the_head(sample):
    values = {"site": {"nom": "Lorient <b>", "ssid": "Kerbras"}, "borne": 3}
    page = candidate_html(sample.report(sample.observation().model_copy(update={"variants": values})), "fr")
    assert "site = Lorient &lt;b&gt;, Kerbras ; borne = 3" in page
    assert "Variantes de ce candidat" not in candidate_html(sample.report(sample.observation()), "fr")


def test_a_report_explains_the_disk_where_one_was_read(sample):
    observation = sample.observation()
    assert "Lu sur le disque" not in candidate_html(sample.report(observation))
    facts = tuple(
        fact.model_copy(update={"channel": "disk"}) if fact.channel == "agent" else fact for fact in observation.facts
    )
    page = candidate_html(sample.report(observation.model_copy(update={"facts": facts})))
    assert "Lu sur le disque" in page
    assert "lu à l" in page
