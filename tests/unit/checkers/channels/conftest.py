"""What the channels' tests share: certificates, and the accounts that the WS-Management server knows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from checkers.channels import prompt
from tests.wsman.server import PASSWORD, USER, Identity, identity


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity(tmp_path_factory.mktemp("certificate"), "srv")


@pytest.fixture(scope="module", autouse=True)
def ntlm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """pyspnego, as a server, finds its accounts in a file."""
    accounts = tmp_path_factory.mktemp("accounts") / "ntlm"
    accounts.write_text(f":{USER}:{PASSWORD}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTLM_USER_FILE", str(accounts))
        yield


@pytest.fixture(scope="module", autouse=True)
def hasty_prompts() -> Iterator[None]:
    """The device of these tests rests less than a real one between two words."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prompt, "_REST_S", 0.05)
        yield
