"""The trainers' part: labs are brought, shown, approved and deleted; trials leave nothing."""

from __future__ import annotations

import gc
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from werkzeug.test import TestResponse

from orchestrator.bench import load_bench
from orchestrator.catalog import open_lab
from orchestrator.engine import opening, trials
from orchestrator.exam import commands
from orchestrator.library import shelf
from orchestrator.library.entries import MAX_ARCHIVE
from orchestrator.library.shared import share
from orchestrator.library.trust import trust
from orchestrator.proving.book import file_of, write_proof
from orchestrator.sealed.keys import SealKey
from orchestrator.store import accounts, audit, exams
from tests.proofs import proof_of, prove
from tests.unit.library.archives import files_of, zip_of
from tests.unit.web.world import NINE, SLUG, SiteWorld
from web.app import MAX_BODY

LAB = "/sujets/small-lab/1.0.0"
SHIPPED = f"/sujets/tai-complet/{open_lab('tai-complet').lab.version}"


def packed(world: SiteWorld, **changed: str) -> io.BytesIO:
    """The world's own lab as an archive; changed: other contents of ``lab.yml``, word by word."""
    files: dict[str, bytes | str] = dict(files_of(world.root / "lab"))
    text = (world.root / "lab" / "lab.yml").read_text(encoding="utf-8")
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    return zip_of({**files, "lab.yml": text}, packed=False)


def bring(world: SiteWorld, actor: str, archive: io.BytesIO) -> TestResponse:
    return world.browser(actor).post("/sujets/ajouter", {"archive": (archive, "lab.zip")})


def put(world: SiteWorld, *, trusted: bool) -> None:
    shelf.put(world.settings.labs_dir, packed(world), who="trainer", at=NINE, trusted=trusted, taken=())


def deeds(world: SiteWorld) -> list[tuple[str, str]]:
    with world.store.read() as tx:
        return [(one.who, one.what) for one in audit.latest(tx, 5)]


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_faults_are_shown_in_place_and_nothing_is_kept(world: SiteWorld) -> None:
    answer = bring(world, "trainer", packed(world, **{"host-name": "hostname", "points: 1\nnet": "points: 3\nnet"}))
    page = text_of(answer)
    assert answer.status_code == 422
    assert "lab.yml:7:9" in page
    assert "check: hostname" in page
    assert shelf.versions(world.settings.labs_dir) == {}


def test_a_lab_is_brought_approved_and_used_only_then(world: SiteWorld) -> None:
    answer = bring(world, "trainer", packed(world))
    assert answer.headers["Location"] == LAB
    trainer, chief = world.browser("trainer"), world.browser("administrator")
    assert "Pas encore approuvé" in text_of(trainer.get(LAB))
    assert trainer.post(f"{LAB}/essayer").status_code == 409
    assert chief.post(f"{LAB}/approuver", {"hash": "0" * 64}).status_code == 409, "it was not read"
    page = text_of(chief.get(LAB))
    hash_ = page.split('name="hash" value="')[1].split('"')[0]
    assert chief.post(f"{LAB}/approuver", {"hash": hash_}).status_code == 303
    assert deeds(world) == [("administrator", "lab-approved"), ("trainer", "lab-brought")]
    assert trainer.post(f"{LAB}/essayer").status_code == 303
    ((slug, who),) = world.jobs.asked
    assert slug.startswith("essai-")
    assert who == "trainer"


def test_what_an_administrator_brings_is_approved(world: SiteWorld) -> None:
    with world.store.write() as tx:
        accounts.change(tx, "trainer", roles=("trainer", "administrator"))
    bring(world, "trainer", packed(world))
    assert "Approuvé par" in text_of(world.browser("trainer").get(LAB))


def test_the_same_version_is_not_taken_twice(world: SiteWorld) -> None:
    put(world, trusted=False)
    assert bring(world, "trainer", packed(world)).status_code == 409
    assert bring(world, "trainer", packed(world, **{"1.0.0": "1.0.1"})).status_code == 303


def test_a_page_shows_the_lab(world: SiteWorld) -> None:
    page = text_of(world.browser("trainer").get(SHIPPED))
    for word in ("srv-kerbras", "BC03.C1", "laissée au jury", "solution.yml", "192.168.50.0/24"):
        assert word in page


def test_a_page_shows_no_proof_that_was_never_made(world: SiteWorld) -> None:
    put(world, trusted=False)
    page = text_of(world.browser("trainer").get(LAB))
    assert "pas encore prouvé" in page
    assert "epreuve lab prove small-lab@1.0.0" in page


def test_a_page_shows_what_the_lab_was_proved_by(world: SiteWorld) -> None:
    lab = open_lab("tai-complet")
    newest = proof_of(lab).model_copy(update={"updated_at": datetime(2099, 1, 2, tzinfo=UTC)})
    write_proof(file_of(world.settings.proofs_dir, lab), newest)
    page = text_of(world.browser("trainer").get(SHIPPED))
    assert "prouvé le 02/01/2099" in page
    assert lab.mutants[0].title in page
    assert "prouvé le 02/01/2099" in text_of(world.browser("trainer").get("/sujets/"))


def test_a_lab_that_has_changed_since_its_proof_says_so(world: SiteWorld) -> None:
    put(world, trusted=False)
    prove(replace(world.lab, hash="0" * 64), world.settings.proofs_dir)
    assert "preuve périmée" in text_of(world.browser("trainer").get(LAB))


def test_a_lab_comes_back_as_it_was_brought(world: SiteWorld) -> None:
    put(world, trusted=False)
    content = world.browser("trainer").get(f"{LAB}/archive").get_data()
    assert bring(world, "trainer", io.BytesIO(content)).status_code == 409, "the very same version"


@pytest.mark.parametrize("address", ["/sujets/small-lab/9.9.9", "/sujets/../1.0.0", "/sujets/%2e%2e/1.0.0/archive"])
def test_there_is_nothing_beside_the_labs(world: SiteWorld, address: str) -> None:
    assert world.browser("trainer").get(address).status_code == 404


def test_a_lab_in_use_is_not_deleted_and_it_is_said_by_whom(world: SiteWorld) -> None:
    put(world, trusted=True)
    folder = shelf.on_shelf(world.settings.labs_dir, "small-lab")
    with world.store.write() as tx:
        tx.exec_driver_sql("UPDATE session SET lab_folder = ? WHERE slug = ?", (str(folder), SLUG))
    answer = world.browser("trainer").post(f"{LAB}/supprimer")
    assert answer.status_code == 409
    assert SLUG in text_of(answer)
    assert folder
    assert folder.exists()
    with world.store.write() as tx:
        tx.exec_driver_sql("UPDATE session SET state = 'purged' WHERE slug = ?", (SLUG,))
    assert world.browser("trainer").post(f"{LAB}/supprimer").status_code == 303
    assert not folder.exists()
    assert deeds(world)[0] == ("trainer", "lab-deleted")
    assert world.browser("trainer").post(f"{SHIPPED}/supprimer").status_code == 409


@pytest.mark.parametrize(("actor", "status"), [("trainer", 413), ("supervisor", 403), ("anonymous", 401)])
def test_a_gibibyte_is_refused_unread(world: SiteWorld, actor: str, status: int) -> None:
    """By what it says of its length; and whoever may not bring a lab is told so before anything is read."""

    class Unread(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, _size: int = -1) -> bytes:
            pytest.fail("it was read")

    browser = world.browser(actor)
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(1 << 30),
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "HTTP_X_CSRFTOKEN": browser.token(),
        "wsgi.input": Unread(),
    }
    answer = browser.client.open("/sujets/ajouter", environ_overrides=environ, method="POST")
    assert answer.status_code == status


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_length_that_is_not_said_is_bounded_while_it_streams(world: SiteWorld) -> None:
    """Chunked: no length is known before, and what is read is little more than is taken."""
    given = [0]

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            buffer[:] = head.ljust(len(buffer), b"x") if given[0] == 0 else b"x" * len(buffer)
            given[0] += len(buffer)
            return len(buffer)

    head = b'--x\r\nContent-Disposition: form-data; name="archive"; filename="a.zip"\r\n\r\n'
    browser = world.browser("trainer")
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "HTTP_X_CSRFTOKEN": browser.token(),
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": Endless(),
        "wsgi.input_terminated": True,
    }
    answer = browser.client.open("/sujets/ajouter", environ_overrides=environ, method="POST")
    assert answer.status_code == 413
    assert given[0] < MAX_ARCHIVE + (1 << 20)
    del answer
    gc.collect()  # Werkzeug leaves the file that it was filling to the collector, which complains


def test_other_forms_take_no_files(world: SiteWorld) -> None:
    body = {"hash": "x" * MAX_BODY}
    assert world.browser("administrator").post(f"{SHIPPED}/approuver", body).status_code == 413


def test_a_trial_from_its_beginning_to_nothing(world: SiteWorld) -> None:
    trainer = world.browser("trainer")
    slug = world.trial()
    assert "se prépare" in text_of(trainer.get(f"/essais/{slug}"))
    world.do(commands.Prepare(who="trainer"), slug=slug)
    world.passes()
    assert trainer.get(f"/essais/{slug}/etat?vu=preparing").headers["HX-Refresh"] == "true"
    assert trainer.post(f"/essais/{slug}/commencer").status_code == 303
    world.passes()
    assert "HX-Refresh" not in trainer.get(f"/essais/{slug}/etat?vu=running").headers
    assert trainer.get(f"/essais/{slug}/console/server").get_json()["token"]
    assert trainer.get(f"/essais/{slug}/console/nowhere").status_code == 404
    assert trainer.post(f"/essais/{slug}/reinitialiser", {"machine": "client"}).status_code == 303
    world.passes()
    assert world.exam(slug).candidates["c01"].resets == 1
    assert trainer.post(f"/essais/{slug}/observer").status_code == 303
    world.passes()
    assert "Verdicts" in text_of(trainer.get(f"/essais/{slug}"))
    report = trainer.get(f"/essais/{slug}/rapport")
    assert report.headers["Content-Disposition"].startswith("attachment")
    assert trainer.post(f"/essais/{slug}/terminer").status_code == 303
    world.passes()
    _nothing_is_left(world, slug)


def test_a_trial_s_verdicts_are_followed_while_it_runs(world: SiteWorld) -> None:
    trainer, slug = world.browser("trainer"), world.trial()
    follow = f"/essais/{slug}/verdicts?suivre=1"
    world.do(commands.Prepare(who="trainer"), slug=slug)
    world.passes()
    assert "every 3s" not in text_of(trainer.get(follow)), "nothing runs yet"
    trainer.post(f"/essais/{slug}/commencer")
    world.passes()
    assert "Premier relevé" in text_of(trainer.get(follow))
    world.passes()
    shown = text_of(trainer.get(follow))
    assert "Relevé 1" in shown
    assert re.search(r"/ \d+ points", shown)
    assert world.exam(slug).candidates["c01"].state == "running", "it is not frozen"
    trainer.post(f"/essais/{slug}/observer")
    world.passes()
    assert "every 3s" not in text_of(trainer.get(follow))
    assert world.exam(slug).candidates["c01"].state == "frozen"


@pytest.mark.parametrize("state", ["enrolled", "ready", "running", "due", "ended"])
def test_a_trial_can_be_ended_at_any_moment(world: SiteWorld, state: str) -> None:
    slug = world.trial()
    if state != "enrolled":
        world.do(commands.Prepare(who="trainer"), slug=slug)
        world.passes()
    if state in ("running", "due", "ended"):
        world.do(commands.Start(who="trainer"), slug=slug)
        world.passes()
    if state == "due":
        world.clock.advance(timedelta(hours=2))
    if state == "ended":
        world.do(commands.Freeze(who="trainer", why="essai"), slug=slug)
    assert world.browser("trainer").post(f"/essais/{slug}/terminer").status_code == 303
    world.passes()
    _nothing_is_left(world, slug)


def test_a_trial_rings_its_own_bell(world: SiteWorld) -> None:
    slug = world.trial()
    world.do(commands.Prepare(who="trainer"), slug=slug)
    world.passes()
    world.do(commands.Start(who="trainer"), slug=slug)
    world.passes()
    world.clock.advance(timedelta(hours=2))
    world.passes()
    assert world.exam(slug).candidates["c01"].state == "frozen"


def test_a_forgotten_trial_is_ended_and_exams_are_not(world: SiteWorld) -> None:
    slug = world.trial()
    trials.Sweeper(world.desk).look()
    assert world.exam(slug).state == "draft"
    world.clock.advance(trials.LIVES + timedelta(minutes=1))
    trials.Sweeper(world.desk).look()
    world.passes()
    _nothing_is_left(world, slug)
    assert world.exam(SLUG).state == "draft"


def test_an_exam_is_never_ended_as_a_trial(world: SiteWorld) -> None:
    with world.store.write() as tx:
        accounts.entrust(tx, SLUG, "trainer", ["trainer"])  # nothing does that
    assert world.browser("trainer").post(f"/essais/{SLUG}/terminer").status_code == 404
    with pytest.raises(trials.TrialError):
        trials.end_trial(world.desk, SLUG, who="trainer")


def test_trials_are_one_each_and_few(world: SiteWorld) -> None:
    about = {"name": "x", "simulated": True}
    first = trials.begin_trial(world.desk, world.lab, who="trainer", **about)
    with pytest.raises(trials.TrialError) as caught:
        trials.begin_trial(world.desk, world.lab, who="trainer", **about)
    assert caught.value.where == first
    trials.begin_trial(world.desk, world.lab, who="boss", **about)
    with pytest.raises(trials.TrialError):
        trials.begin_trial(world.desk, world.lab, who="administrator", **about)
    trials.end_trial(world.desk, first, who="trainer")
    trials.begin_trial(world.desk, world.lab, who="trainer", **about)


def test_two_clicks_at_once_make_one_trial(world: SiteWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Barrier(2)
    monkeypatch.setattr(opening, "require_approved", lambda _lab: both.wait(120))  # neither has stored anything yet

    def click(_number: int) -> str:
        try:
            return trials.begin_trial(world.desk, world.lab, who="trainer", name="x", simulated=True)
        except trials.TrialError as error:
            return error.where

    with ThreadPoolExecutor(2) as clicks:
        first, second = clicks.map(click, range(2))
    assert first == second
    assert [one.exam.slug for one in trials.trials(world.desk)] == [first]


def test_a_trial_is_its_trainer_s_alone(world: SiteWorld) -> None:
    slug = world.trial()
    with world.store.write() as tx:
        accounts.change(tx, "supervisor", roles=("supervisor", "trainer"))
    for address in ("", "/etat", "/console/server", "/rapport"):
        assert world.browser("supervisor").get(f"/essais/{slug}{address}").status_code == 404


def _nothing_is_left(world: SiteWorld, slug: str) -> None:
    assert world.exam(slug).state == "purged"
    assert load_bench(world.settings.benches_dir, slug, "c01") is None
    assert not (world.settings.benches_dir / slug).exists()
    assert not (world.settings.data_dir / "sessions" / slug).exists()
    with world.store.read() as tx:
        assert exams.candidates(tx, slug) == []
        assert accounts.entrusted(tx, slug, "trainer") == []
    assert world.browser("trainer").get(f"/essais/{slug}").status_code == 404
    assert [view for view in world.hypervisor.domains() if view.stamp.session == slug] == []


def test_what_is_not_the_same_for_everybody_is_shown_with_all_values(world: SiteWorld) -> None:
    variants = "variants:\n  poste: { per: candidate, values: [desk, bureau] }\ntasks:\n"
    archive = packed(world, **{"name: desk": 'name: "{{ variants.poste }}"', "tasks:\n": variants})
    assert bring(world, "trainer", archive).status_code == 303
    page = text_of(world.browser("trainer").get(LAB))
    assert "<code>poste</code></th><td>candidat</td><td>desk<br>bureau</td>" in page


def test_a_shared_lab_says_who_signed_it(world: SiteWorld) -> None:
    key = SealKey(Ed25519PrivateKey.from_private_bytes(b"\3" * 32))
    shared = share(open_lab(str(world.root / "lab")), key, centre="Lycée Kerbras", on=NINE.date())
    answer = bring(world, "trainer", io.BytesIO(shared))
    assert answer.status_code == 303, text_of(answer)
    page = text_of(world.browser("administrator").get(answer.location))
    assert "Lycée Kerbras</strong>, lundi 15 juin 2026" in page
    assert key.public.spelt in page
    assert "que ce centre ne connaît pas" in page
    assert "Pas encore approuvé" in page
    trust(key.public, world.settings.data_dir, centre="Lycée Kerbras", by="x", at=NINE)
    assert "que ce centre ne connaît pas" not in text_of(world.browser("administrator").get(answer.location))


def test_an_altered_shared_lab_is_refused_with_what_does_not_match(world: SiteWorld) -> None:
    key = SealKey(Ed25519PrivateKey.from_private_bytes(b"\3" * 32))
    shared = bytearray(share(open_lab(str(world.root / "lab")), key, centre="x", on=NINE.date()))
    shared[shared.index(b"host-name")] ^= 1
    answer = bring(world, "trainer", io.BytesIO(bytes(shared)))
    assert answer.status_code == 409
    assert "lab/lab.yml" in text_of(answer)
