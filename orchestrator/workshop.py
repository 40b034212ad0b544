"""Putting the parts together: from a lab to its images, its golden, and a candidate's bench."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from labs.errors import UsageError
from labs.files import write_atomic
from labs.loader import LoadedLab
from labs.subject import render_html
from labs.text import Text
from orchestrator.bench import Bench, Complete, create_bench, reset_machine
from orchestrator.golden import BaseImage, Golden, PrepareContext, ensure_golden, golden_key
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.library.deposits import require_approved
from orchestrator.personalise import Personaliser
from orchestrator.playbooks import PlayResult, require, run_playbook
from orchestrator.second_channel import CERTIFICATES, HOST_KEYS
from orchestrator.sessions import Session
from orchestrator.settings import Settings
from orchestrator.simulation import simulated_image
from vagrant.build import built_image, ensure_image
from vagrant.cache import Image
from vagrant.errors import ImageError
from vagrant.evaluation import ACTIVATE, RENEW

Progress = Callable[[Text], None]


def ensure_images(lab: LoadedLab, settings: Settings, progress: Progress | None = None) -> dict[str, BaseImage]:
    """Every image that a lab's machines name, built when it is not in the cache."""
    names = dict.fromkeys(machine.image for machine in lab.lab.virtual.values())
    return {name: ensure_image(name, cache=settings.images_dir, progress=progress) for name in names}


def require_serving(lab: LoadedLab, settings: Settings, progress: Progress | None = None) -> list[Text]:
    """What is to be told of evaluation editions of Windows among a lab's images, which are built if they are not there.
    Raises ImageError when one is over: its machines would power themselves off under the candidates' hands."""
    told: list[Text] = []
    for name, image in ensure_images(lab, settings, progress).items():
        ends = image.evaluation if isinstance(image, Image) else None
        if ends is None or ends.state() == "ok":
            continue
        if ends.state() == "over":
            raise ImageError(ends.told(), where=name, do=RENEW)
        said, do = ends.told(), RENEW if ends.activated else ACTIVATE
        told.append(Text(f"{name} : {said.fr}. {do.fr}", f"{name}: {said.en}. {do.en}"))
    return told


def ensure_lab_golden(
    lab: LoadedLab, hypervisor: Hypervisor, settings: Settings, progress: Progress | None = None
) -> Golden:
    """The golden of a lab, made (with its images) when it is not there. Raises LibraryError when nobody trusts it."""
    require_approved(lab)  # from here on, what the lab says is run
    simulated = hypervisor.info().simulated
    images = _simulated_images(lab, settings) if simulated else ensure_images(lab, settings, progress)

    def prepare(context: PrepareContext) -> None:
        for machine in lab.lab.virtual.values():
            if machine.prepare is not None and not simulated:
                playbook = lab.path(machine.prepare)
                done = run_playbook(
                    playbook,
                    domains=context.domains,
                    families=families(lab),
                    uri=context.uri,
                    timeout_s=_play_limit_s(lab),
                    progress=progress,
                )
                require(done, playbook)

    return ensure_golden(
        lab.lab,
        lab.folder,
        images=images,
        hypervisor=hypervisor,
        store=settings.goldens_dir,
        prepare=prepare,
        progress=progress,
    )


def key_of_golden(lab: LoadedLab, hypervisor: Hypervisor, settings: Settings) -> str:
    """The key of the golden that ``ensure_lab_golden`` gives now."""
    images = _simulated_images(lab, settings) if hypervisor.info().simulated else ensure_images(lab, settings)
    return golden_key(lab.lab, lab.folder, images, hypervisor)


def key_if_built(lab: LoadedLab, hypervisor: Hypervisor, settings: Settings) -> str | None:
    """The same, where nothing is built for it; None when an image that it needs is not there: then it has no golden."""
    found: dict[str, BaseImage] = {}
    for name in {machine.image for machine in lab.lab.virtual.values()}:
        image = (
            simulated_image(name, settings.images_dir)
            if hypervisor.info().simulated
            else built_image(name, cache=settings.images_dir)
        )
        if image is None:
            return None
        found[name] = image
    return golden_key(lab.lab, lab.folder, found, hypervisor) if found else None


def make_bench(
    lab: LoadedLab,
    golden: Golden,
    *,
    session: Session,
    name: str,
    candidate: str,
    hypervisor: Hypervisor,
    settings: Settings,
    also: Complete | None = None,
    progress: Progress | None = None,
) -> Bench:
    """A candidate's bench, ready to work on, with its subject (``sujet.html``) in its folder.

    lab: with the candidate's values of its variants. also: adds files before the bench says that it is ready.
    """
    personaliser = Personaliser(lab, session)

    def complete(bench: Bench) -> None:
        _keep_pins(bench, personaliser)
        if also is not None:
            also(bench)
        subject = render_html(lab.lab, lab.subject, secrets=session.secrets, variants=lab.values, candidate=candidate)
        write_atomic(bench.dir / "sujet.html", subject, mode=0o600)  # it shows the session's passwords

    return create_bench(
        golden,
        hypervisor=hypervisor,
        store=settings.benches_dir,
        session=session.name,
        name=name,
        candidate=candidate,
        variants=lab.values,
        personalise=personaliser,
        complete=complete,
        progress=progress,
    )


def reset_bench_machine(
    bench: Bench, machine: str, lab: LoadedLab, golden: Golden, *, session: Session, hypervisor: Hypervisor
) -> Bench:
    """One machine of a bench, back to its start."""
    personaliser = Personaliser(lab, session)
    bench = reset_machine(bench, machine, golden, hypervisor=hypervisor, personalise=personaliser)
    _keep_pins(bench, personaliser)
    return bench


def solve(
    bench: Bench,
    lab: LoadedLab,
    *,
    session: Session,
    uri: str,
    tasks: tuple[str, ...] = (),
    progress: Progress | None = None,
) -> PlayResult:
    """Let the reference solution do the work of a bench, or of some of its tasks. Raises PlaybookError."""
    playbook = solution_playbook(lab, tasks)
    done = run_in_bench(bench, playbook, lab, session=session, uri=uri, tags=tasks, progress=progress)
    return require(done, playbook)


def solution_playbook(lab: LoadedLab, tasks: tuple[str, ...]) -> Path:
    """The playbook of the reference solution. Raises UsageError: the lab has none, or no such task."""
    if lab.lab.solution is None:
        raise UsageError(Text("Ce sujet n'a pas de solution de référence.", "This lab has no reference solution."))
    known = {task.id for task in lab.lab.tasks}
    if unknown := sorted(set(tasks) - known):
        raise UsageError(
            Text(f"Tâche inconnue : {', '.join(unknown)}.", f"Unknown task: {', '.join(unknown)}."),
            do=Text(f"Les tâches sont : {', '.join(sorted(known))}.", f"The tasks are: {', '.join(sorted(known))}."),
        )
    return lab.path(lab.lab.solution.playbook)


def run_in_bench(
    bench: Bench,
    playbook: Path,
    lab: LoadedLab,
    *,
    session: Session,
    uri: str,
    tags: tuple[str, ...] = (),
    timeout_s: int | None = None,
    progress: Progress | None = None,
) -> PlayResult:
    """Run a playbook in a bench's machines, with the session's secrets as ``secrets``, and values of the lab's variants
    as ``variants``."""
    domains = {name: machine.domain for name, machine in bench.machines.items()}
    return run_playbook(
        playbook,
        domains=domains,
        families=families(lab),
        uri=uri,
        variables={"secrets": session.secrets, "variants": dict(lab.values)},
        tags=tags,
        timeout_s=timeout_s or _play_limit_s(lab),
        progress=progress,
    )


def _play_limit_s(lab: LoadedLab) -> int:
    """A Windows that becomes a domain controller installs roles and restarts twice: more than a quarter of an hour."""
    return 5400 if "windows" in families(lab).values() else 900


def families(lab: LoadedLab) -> dict[str, str]:
    """The kind of each machine of a lab."""
    return {name: machine.family for name, machine in lab.lab.machines.items()}


def _keep_pins(bench: Bench, personaliser: Personaliser) -> None:
    """What the machines are known by on their network: SSH host keys, and WinRM certificates if there are any."""
    for name, met in ((HOST_KEYS, personaliser.host_keys), (CERTIFICATES, personaliser.certificates)):
        path = bench.dir / name
        known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if met or name == HOST_KEYS:
            write_atomic(path, json.dumps(known | met, indent=1))


def _simulated_images(lab: LoadedLab, settings: Settings) -> dict[str, BaseImage]:
    names = {machine.image for machine in lab.lab.virtual.values()}
    return {name: simulated_image(name, settings.images_dir) for name in names}
