"""A lab that is shared: the same bytes for the same lab, believed only as it was signed and by whom."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from labs.loader import LoadedLab
from orchestrator.catalog import open_lab
from orchestrator.library import shelf
from orchestrator.library.deposits import deposit_of
from orchestrator.library.errors import ArchiveError, LibraryError
from orchestrator.library.intake import take_in
from orchestrator.library.shared import LabManifest, is_shared, open_shared, share
from orchestrator.library.trust import forget, is_trusted, require_trusted, trust, trusted_keys
from orchestrator.proving.book import file_of
from orchestrator.proving.proof import Host, Proof
from orchestrator.sealed.container import pack, unpack
from orchestrator.sealed.keys import SealKey, ensure_key
from orchestrator.sealed.seal import seal
from orchestrator.settings import Settings

from .conftest import NOON, Workshop

KEY = SealKey(Ed25519PrivateKey.from_private_bytes(b"\3" * 32))
OTHER = SealKey(Ed25519PrivateKey.from_private_bytes(b"\4" * 32))
TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def _sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Linting takes a process of its own each time; its own tests are elsewhere."""
    monkeypatch.setattr(shelf, "lint_confined", lambda _folder: [])


@pytest.fixture
def lab(workshop: Workshop) -> LoadedLab:
    return open_lab(str(workshop.lab))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def proof_of(lab: LoadedLab, **changed: str) -> bytes:
    about = {"lab": lab.lab.id, "version": lab.lab.version, "hash": lab.hash, "checks": "c", **changed}
    host = Host(accelerator="tcg", cpu="x", cores=2, memory_mib=1)
    return Proof.model_validate({**about, "software": {}, "host": host, "updated_at": NOON}).model_dump_json().encode()


def shared(lab: LoadedLab, key: SealKey = KEY, *, proof: bytes | None = None) -> bytes:
    return share(lab, key, centre="Lycée Kerbras", on=TODAY, proof=proof)


def bring(content: bytes, settings: Settings, *, trusted: bool = False) -> LoadedLab:
    return take_in(io.BytesIO(content), settings, who="nadia", at=NOON, trusted=trusted, taken=())


def trust_key(settings: Settings, key: SealKey = KEY) -> None:
    trust(key.public, settings.data_dir, centre="Lycée Kerbras", by="nadia", at=NOON)


# --- the archive
def test_the_same_lab_is_the_same_bytes_wherever_it_is(lab: LoadedLab, workshop: Workshop, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    for path in sorted(workshop.lab.rglob("*"), reverse=True):
        target = copy / path.relative_to(workshop.lab)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert shared(lab) == shared(open_lab(str(copy)))
    assert shared(lab, OTHER) != shared(lab) != share(lab, KEY, centre="Lycée Kerbras", on=date(2026, 6, 16))


def test_what_was_shared_is_read_again(lab: LoadedLab, workshop: Workshop) -> None:
    found = open_shared(shared(lab, proof=b"{}"))
    about = found.manifest
    assert (about.lab, about.version, about.hash) == (lab.lab.id, lab.lab.version, lab.hash)
    assert (about.centre, about.on, found.key, found.proof) == ("Lycée Kerbras", TODAY, KEY.public, b"{}")
    assert found.files["lab.yml"] == (workshop.lab / "lab.yml").read_bytes()


def test_a_name_that_is_not_the_same_everywhere_is_not_shared(lab: LoadedLab, workshop: Workshop) -> None:
    (workshop.lab / "énoncé.txt").write_text("x")
    with pytest.raises(LibraryError) as caught:
        shared(open_lab(str(workshop.lab)))
    assert caught.value.where == "énoncé.txt"


def test_an_ordinary_archive_is_not_taken_for_a_shared_lab(workshop: Workshop, settings: Settings) -> None:
    content = workshop.packed().getvalue()
    assert not is_shared(content)
    taken = bring(content, settings)
    deposit = deposit_of(taken.folder)
    assert deposit is not None
    assert deposit.signer is None


# --- what was altered
def test_no_byte_of_it_can_be_another(lab: LoadedLab) -> None:
    """Of every header every byte, and of every entry and of the directory one in seven."""
    sealed = shared(lab, proof=proof_of(lab))
    entries = unpack(sealed)
    headers = [at for entry in entries for at in range(entry.begin, entry.offset)]
    for at in {*headers, *range(0, len(sealed), 7), *range(len(sealed) - 22, len(sealed))}:
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises(ArchiveError):
            open_shared(bytes(changed))


@pytest.mark.parametrize("cut", [1, 22, 200, 5000])
def test_a_cut_or_lengthened_archive_is_refused(lab: LoadedLab, cut: int) -> None:
    sealed = shared(lab, proof=b" " * 5000)
    for changed in (sealed[:-cut], sealed + b"\0" * cut):
        with pytest.raises(ArchiveError):
            open_shared(changed)


def test_the_first_file_that_does_not_match_is_named(lab: LoadedLab) -> None:
    entries = unpack(shared(lab))
    changed = [replace(one, content=b"# autre\n") if one.name == "lab/sujet.md" else one for one in entries]
    with pytest.raises(ArchiveError) as caught:
        open_shared(pack(changed))
    assert "lab/sujet.md" in caught.value.where


@pytest.mark.parametrize(
    "change",
    [
        lambda entries: [one for one in entries if one.name != "lab/sujet.md"],
        lambda entries: [*entries, replace(entries[-1], name="lab/zzz.md")],
        lambda entries: [*entries[:3], *reversed(entries[3:])],
        lambda entries: [one for one in entries if one.name != "seal.sig"],
        lambda entries: [one for one in entries if one.name != "manifest.json"],
    ],
    ids=["taken-out", "added", "another-order", "no-signature", "no-manifest"],
)
def test_files_are_neither_added_nor_taken_out(lab: LoadedLab, change: Callable[[list], list]) -> None:
    with pytest.raises(ArchiveError):
        open_shared(pack(change(unpack(shared(lab)))))


# --- what a signer may not sign either
def forged(true: LoadedLab, *, files: dict[str, bytes] | None = None, **said: str) -> bytes:
    """Signed as it should be, of what it should not be."""
    contents = {f"lab/{path.name}": path.read_bytes() for path in true.folder.iterdir() if path.is_file()}
    about = {"lab": true.lab.id, "version": true.lab.version, "hash": true.hash, "centre": "x", "on": TODAY}
    return seal(LabManifest.model_validate({**about, **said, "files": ()}), {**contents, **(files or {})}, KEY)


@pytest.mark.parametrize(
    ("what", "where"),
    [
        ({"hash": "0" * 64}, "0000000000000000"),
        ({"lab": "another"}, "another"),
        ({"version": "9.9.9"}, "9.9.9"),
        ({"files": {"lab/more.sh": b"x"}}, "≠"),
        ({"files": {"autre.txt": b"x"}}, "autre.txt"),
        ({"files": {"lab/__pycache__/x.pyc": b"x"}}, "≠"),
    ],
)
def test_a_signed_lie_is_refused(lab: LoadedLab, settings: Settings, what: dict, where: str) -> None:
    trust_key(settings)
    with pytest.raises(ArchiveError) as caught:
        bring(forged(lab, **what), settings)
    assert where in caught.value.where
    assert not list(settings.labs_dir.glob("*/*/lab"))


@pytest.mark.parametrize("proof", [b"{", b"[]", b'{"format": 99}'])
def test_a_proof_that_cannot_be_read_is_refused(lab: LoadedLab, settings: Settings, proof: bytes) -> None:
    with pytest.raises(ArchiveError) as caught:
        bring(shared(lab, proof=proof), settings)
    assert caught.value.where == "proof.json"


def test_a_proof_of_another_content_is_refused(lab: LoadedLab, settings: Settings) -> None:
    with pytest.raises(ArchiveError) as caught:
        bring(shared(lab, proof=proof_of(lab, hash="1" * 64)), settings)
    assert "1111" in caught.value.where


# --- whom to believe
def test_an_unknown_key_is_shown_to_be_compared(lab: LoadedLab, settings: Settings) -> None:
    with pytest.raises(LibraryError) as caught:
        require_trusted(open_shared(shared(lab)), settings.data_dir)
    assert caught.value.where == KEY.public.spelt
    assert "Lycée Kerbras" in caught.value.what.fr
    trust_key(settings)
    require_trusted(open_shared(shared(lab)), settings.data_dir)


def test_a_trusted_key_is_kept_shown_and_forgotten(settings: Settings) -> None:
    trust_key(settings)
    trust_key(settings, OTHER)
    assert {one.key for one in trusted_keys(settings.data_dir)} == {KEY.public.hex, OTHER.public.hex}
    forget(KEY.public.fingerprint, settings.data_dir)
    assert not is_trusted(KEY.public, settings.data_dir)
    assert is_trusted(OTHER.public, settings.data_dir)
    with pytest.raises(LibraryError):
        forget(KEY.public.fingerprint, settings.data_dir)


def test_our_own_key_needs_no_word(lab: LoadedLab, settings: Settings) -> None:
    require_trusted(open_shared(shared(lab, ensure_key(settings.data_dir))), settings.data_dir)


def test_a_shared_lab_waits_for_approval_with_its_proof_and_its_signer(lab: LoadedLab, settings: Settings) -> None:
    trust_key(settings)
    taken = bring(shared(lab, proof=proof_of(lab)), settings)
    deposit = deposit_of(taken.folder)
    assert deposit is not None
    assert deposit.signer is not None
    assert (deposit.approved_by, deposit.signer.centre, deposit.signer.public) == (None, "Lycée Kerbras", KEY.public)
    assert taken.hash == lab.hash
    assert file_of(settings.proofs_dir, taken).is_file()


def test_an_unknown_key_approves_nothing_and_proves_nothing(lab: LoadedLab, settings: Settings) -> None:
    taken = bring(shared(lab, proof=proof_of(lab)), settings, trusted=True)
    deposit = deposit_of(taken.folder)
    assert deposit is not None
    assert deposit.approved_by is None
    assert not file_of(settings.proofs_dir, taken).exists()
