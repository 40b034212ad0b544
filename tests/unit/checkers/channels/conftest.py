"""What the channels' tests share: certificates, and the accounts that the WS-Management server knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.channels import prompt
from tests.wsman.server import PASSWORD, USER, Identity, identity


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("certificate"), "srv")


@pytest.fixture(autouse=True)
def ntlm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pyspnego, as a server, finds its accounts in a file."""
    accounts = tmp_path / "ntlm"
    accounts.write_text(f":{USER}:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(accounts))


@pytest.fixture(autouse=True)
def hasty_prompts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The device of these tests rests less than a real one between two words."""
    monkeypatch.setattr(prompt, "_REST_S", 0.05)
