"""Redaction: longest first, whatever the order they were declared in."""

from __future__ import annotations

from checkers.secrets import redact, token


def test_a_secret_that_contains_another_is_redacted_whole() -> None:
    assert redact("x=abcdef y=abc", {"short": "abc", "long": "abcdef"}) == f"x={token('long')} y={token('short')}"


def test_an_empty_secret_redacts_nothing() -> None:
    assert redact("texte", {"vide": ""}) == "texte"


def test_a_token_typed_by_the_candidate_is_not_the_secret() -> None:
    assert token("wifi") not in redact(f"wpa_passphrase={token('wifi')}", {"wifi": "Tkhd=Rnfg=Gbjp"})
