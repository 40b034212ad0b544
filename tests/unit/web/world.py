"""A site on simulated machines: two sessions, an account for each role, and a browser for whoever is named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from labs.loader import LoadedLab
from orchestrator import golden_build
from orchestrator.catalog import open_lab
from orchestrator.engine import trials
from orchestrator.engine.desk import Desk
from orchestrator.engine.loop import Engine
from orchestrator.engine.opening import Enrolment, open_session
from orchestrator.engine.work import Ground
from orchestrator.exam import Command, Exam, Phase, commands
from orchestrator.hypervisor.fake import FakeHypervisor
from orchestrator.hypervisor.hosts import Hosts
from orchestrator.settings import Oidc, Settings
from orchestrator.store import accounts, logins, open_store, seats
from orchestrator.store.accounts import ROLES, Account, Role
from orchestrator.store.exams import StoredCandidate
from orchestrator.store.examtime import Clock, HostClock, ManualClock
from tests.unit.engine.world import Inline, put_database, write_lab
from web.app import create_app
from web.auth.passwords import hash_password

NINE = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)
SLUG, OTHER = "juin", "juillet"
TRIAL = "essai-1"
JURY_ONLY = "jury-seul"
PASSWORD = "correct horse battery staple"
_HASH = hash_password(PASSWORD)

ACTORS = (
    "anonymous",
    "candidate",
    "other_candidate",
    "supervisor",
    "other_supervisor",
    "jury",
    "other_jury",
    "trainer",
    "administrator",
)
"""Who may ask. ``candidate``: c01 of ``juin``; ``other_candidate``: c02. ``other_…``: of ``juillet``."""

_ROLE: dict[str, Role] = {
    "supervisor": "supervisor",
    "other_supervisor": "supervisor",
    "jury": "jury",
    "other_jury": "jury",
    "trainer": "trainer",
    "administrator": "administrator",
}


class Compiled(BytecodeCache):
    """Templates that were compiled for one site serve those of all other tests."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (kept := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = Compiled()


class SiteWorld:
    """See the module. ``clock`` is moved by hand; ``passes`` is what the service does."""

    def __init__(
        self, root: Path, clock: Clock | None = None, *, oidc: Oidc | None = None, lab: str | None = None
    ) -> None:
        """clock: the host's own, where another process must see the same time; then it cannot be moved. lab: one of the
        catalog; else a small one."""
        self.root = root
        self.settings = Settings(data_dir=root / "data", oidc=oidc)
        self.settings.data_dir.mkdir(parents=True)
        self.clock = ManualClock(NINE)
        put_database(self.settings.database)
        self.store = open_store(self.settings.database)
        self.desk = Desk(self.store, clock or self.clock)
        self.hypervisor = FakeHypervisor(state=self.settings.data_dir / "machines.json")
        self.lab: LoadedLab = open_lab(lab or str(write_lab(root / "lab")))
        inline = Inline()
        self.engine = Engine(Ground(Hosts.of(self.hypervisor), self.settings), self.desk, heavy=inline, quick=inline)
        self.jobs = AskedJobs()
        self.app = create_app(
            self.settings, self.store, simulated=True, console_port=6080, desk=self.desk, jobs=self.jobs
        )
        self.app.config["STREAM_LIMIT_S"] = 0.0  # everything once: a test reads to the end
        self.app.jinja_env.bytecode_cache = _COMPILED
        self.app.testing = False  # errors become pages, as for users
        self._browsers: dict[str, Browser] = {}
        for slug in (SLUG, OTHER):
            self._session(slug)
        with self.store.write() as tx:
            for name, role in _ROLE.items():
                accounts.create(tx, Account(id=name, name=name, roles=(role,), created_at=NINE, password=_HASH))
            accounts.create(tx, Account(id="boss", name="Chef", roles=ROLES, created_at=NINE, password=_HASH))
            accounts.entrust(tx, SLUG, "supervisor", ["supervisor"])
            accounts.entrust(tx, SLUG, "jury", ["jury"])
            accounts.entrust(tx, OTHER, "supervisor", ["other_supervisor"])
            accounts.entrust(tx, OTHER, "jury", ["other_jury"])

    def close(self) -> None:
        self.store.close()

    def login(self, actor: str) -> str:
        """A new login of this actor, by its hash."""
        return logins.hashed(self._secret(actor))

    def browser(self, actor: str) -> Browser:
        """The browser of one of ``ACTORS``, signed in; the same one each time."""
        if actor not in self._browsers:
            self._browsers[actor] = browser = Browser(self.app.test_client())
            if actor != "anonymous":
                browser.be(self._secret(actor))
        return self._browsers[actor]

    def forget_browser(self, actor: str) -> None:
        """The next one of this actor is new."""
        self._browsers.pop(actor, None)

    def do(self, *orders: Command, slug: str = SLUG) -> None:
        self.desk.do(slug, *orders)

    def exam(self, slug: str = SLUG) -> Exam:
        return self.desk.open(slug).exam

    def passes(self, limit: int = 40) -> None:
        """What the service does until nothing changes any more."""
        for _ in range(limit):
            self.engine.run_pass()
            if not self.engine._busy:
                return

    def started(self, slug: str = SLUG) -> None:
        """Everybody has just begun."""
        self.do(commands.Prepare(who="boss"), slug=slug)
        self.passes()
        self.do(commands.Start(who="boss"), slug=slug)
        self.passes()

    def frozen(self, slug: str = SLUG) -> None:
        """Everybody's work is saved and observed."""
        self.started(slug)
        self.do(commands.Freeze(who="boss", why="essai"), slug=slug)
        self.passes()

    def code(self, candidate: str, slug: str = SLUG) -> str:
        with self.store.read() as tx:
            return seats.codes(tx, slug)[candidate]

    def _secret(self, actor: str) -> str:
        seat = {"candidate": "c01", "other_candidate": "c02"}.get(actor)
        with self.store.write() as tx:
            now = datetime.now(UTC)
            if seat:
                return logins.begin(tx, address="127.0.0.1", now=now, session=SLUG, candidate=seat)
            return logins.begin(tx, address="127.0.0.1", now=now, account=actor)

    def trial(self) -> str:
        """A trial that ``trainer`` has under way; its session's name."""
        open_session(
            self.desk,
            TRIAL,
            self.lab,
            [Enrolment(StoredCandidate(id="c01", surname="trainer", first_name="", number="essai"))],
            format_id=trials.FORMAT,
            phases=(Phase(kind="practical", title="Essai", minutes=60, machines=tuple(self.lab.lab.machines)),),
            who="trainer",
            retention_days=0,
            simulated=True,
            trusted={"trainer": ["trainer"]},
        )
        return TRIAL

    def jury_only(self) -> str:
        """A session without a practical, entrusted like ``juin``; its name."""
        self._session(JURY_ONLY, phases_on(self.lab)[1:])
        with self.store.write() as tx:
            accounts.entrust(tx, JURY_ONLY, "supervisor", ["supervisor"])
            accounts.entrust(tx, JURY_ONLY, "jury", ["jury"])
        return JURY_ONLY

    def _session(self, slug: str, phases: tuple[Phase, ...] = ()) -> None:
        people = [
            StoredCandidate(id="c01", surname="Le Goff", first_name="Anaïs", number=f"{slug}-1"),
            StoredCandidate(id="c02", surname="Martin", first_name="Léo", number=f"{slug}-2"),
        ]
        open_session(
            self.desk,
            slug,
            self.lab,
            [Enrolment(person, f"A{number}") for number, person in enumerate(people, start=1)],
            format_id="complet",
            phases=phases or phases_on(self.lab),
            who="boss",
            simulated=True,
        )
        with self.store.write() as tx:
            seats.ensure_codes(tx, slug, ["c01", "c02"], NINE)


def phases_on(lab: LoadedLab) -> tuple[Phase, ...]:
    """A practical, and a jury's part after it: preparation, on machines, interview."""
    machines = tuple(lab.lab.virtual)
    return (
        Phase(id="etape-1", kind="practical", title="Pratique", minutes=60, machines=machines, extra_time=True),
        Phase(id="prise", kind="preparation", title="Prise de connaissance", minutes=15, extra_time=True),
        Phase(id="etape-2", kind="jury", title="Étape 2", minutes=45, machines=machines, jury=True),
        Phase(id="entretien", kind="technical-interview", title="Entretien technique", minutes=30, jury=True),
    )


@contextmanager
def at_work(root: Path) -> Iterator[SiteWorld]:
    """A site whose time is the host's own, as other processes see it, with one session in which everybody has begun."""
    world = SiteWorld(root, HostClock())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(golden_build, "wait_calm", lambda *_args, **_more: True)  # simulated machines are at rest at once
        world.started()
    yield world
    world.close()


class AskedJobs:
    """Jobs that are written down and not done."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def prepare(self, slug: str, who: str) -> None:
        self.asked.append((slug, who))

    def seal(self, slug: str, who: str, *, why: str, force: bool) -> None:
        self.asked.append((f"seal {slug} {why} {force}", who))

    def compare_keys(self, slug: str, who: str, keys: Mapping[str, str], *, why: str) -> None:
        self.asked.append((f"devices {slug} {dict(keys)}", who))

    def note_radios(self, slug: str, who: str) -> None:
        self.asked.append((f"radios {slug}", who))

    def serve(self, who: str, *, wait_s: float = 0.0) -> None:
        self.asked.append(("", who))


class Browser:
    """A test client that fills in CSRF tokens, as a page would."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._tokens: dict[str, str] = {}

    def be(self, secret: str) -> None:
        """Be signed in."""
        with self.client.session_transaction() as session:
            session["login"] = secret

    def get(self, address: str, **options: Any) -> TestResponse:
        headers = {"Accept": "text/html", **options.pop("headers", {})}
        return self.client.get(address, headers=headers, buffered=True, **options)

    def post(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form, with the token that any page of this browser holds."""
        headers = {"Accept": "text/html", "X-CSRFToken": self.token(), **options.pop("headers", {})}
        return self.client.post(address, data=data or {}, headers=headers, buffered=True, **options)

    def token(self) -> str:
        """That of a page opened since this browser signed in: a page holds its own for as long as it is open."""
        if (token := self._tokens.get(self._secret())) is None:
            page = self.client.get("/connexion").get_data(as_text=True)
            found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
            assert found
            token = self._tokens[self._secret()] = found[1]
        return token

    def _secret(self) -> str:
        """What tokens are made from, in the session's cookie."""
        with self.client.session_transaction() as session:
            return str(session.get("csrf_token", ""))
