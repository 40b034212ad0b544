"""A session's folder: drawn once, private, and bound to one version of a lab."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.catalog import open_lab
from orchestrator.sessions import SessionError, ensure_session, forget_session, load_session


def test_secrets_are_drawn_once_and_private(tmp_path: Path) -> None:
    lab = open_lab("tai-complet")
    first = ensure_session(tmp_path, "essai", lab)
    again = ensure_session(tmp_path, "essai", lab)
    assert first == again == load_session(tmp_path, "essai")
    assert first.ssh_public_key.startswith("ssh-ed25519 ")
    for name in ("secrets.json", "ssh_key"):
        assert (tmp_path / "sessions" / "essai" / name).stat().st_mode & 0o777 == 0o600


def test_two_sessions_have_different_secrets(tmp_path: Path) -> None:
    lab = open_lab("tai-complet")
    one, other = ensure_session(tmp_path, "un", lab), ensure_session(tmp_path, "deux", lab)
    assert not set(one.secrets.values()) & set(other.secrets.values())


def test_a_half_made_session_is_made_again(tmp_path: Path) -> None:
    lab = open_lab("tai-complet")
    ensure_session(tmp_path, "essai", lab)
    (tmp_path / "sessions" / "essai" / "session.json").unlink()  # as after a kill before the last write
    with pytest.raises(SessionError):
        load_session(tmp_path, "essai")
    assert ensure_session(tmp_path, "essai", lab).secrets


def test_another_version_of_the_lab_is_refused(tmp_path: Path) -> None:
    lab = open_lab("tai-complet")
    session = ensure_session(tmp_path, "essai", lab)
    manifest = session.folder / "session.json"
    manifest.write_text(manifest.read_text().replace(lab.hash, "0" * 64))
    with pytest.raises(SessionError) as caught:
        ensure_session(tmp_path, "essai", lab)
    assert "autre version" in caught.value.what.fr
    assert caught.value.do is not None


def test_forgetting_is_idempotent(tmp_path: Path) -> None:
    forget_session(tmp_path, "jamais")
