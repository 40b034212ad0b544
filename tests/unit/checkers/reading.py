"""What every golden promises, whatever answered: the answer is read as it was."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.dialect import OWN, Twin
from checkers.facts import Raw
from checkers.probe import Probe, Unreadable


def read_as_it_was(probe: Probe[Any], raw: Raw, value: Any, twin: Twin[Any] = OWN) -> None:
    """That an answer gives this value (as JSON), or, where it is None, that it says nothing."""
    if value is None:
        with pytest.raises(Unreadable):
            twin.parse(probe, raw)
        return
    found = twin.parse(probe, raw)
    assert found.model_dump(mode="json") == value
    assert probe.value.model_validate(value) == found, "a stored fact is read again to be judged"
