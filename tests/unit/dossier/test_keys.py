"""The key that seals: made once, kept from others, replaced only by a person, and verified by openssl too."""

from __future__ import annotations

import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orchestrator.sealed.errors import SealKeyError
from orchestrator.sealed.keys import ensure_key, public_keys, read_public, renew


def test_a_key_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    first = ensure_key(tmp_path)
    assert ensure_key(tmp_path).public == first.public
    assert public_keys(tmp_path) == [first.public]
    assert stat.S_IMODE((tmp_path / "seal" / "key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "seal").stat().st_mode) == 0o700
    assert {path.name for path in (tmp_path / "seal").iterdir()} == {"key.pem", "public"}


def test_many_at_once_make_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ensure_key(tmp_path).public, range(16)))
    assert len(set(made)) == 1
    assert public_keys(tmp_path) == made[:1]


def test_another_key_leaves_the_public_one_before_it(tmp_path: Path) -> None:
    old = ensure_key(tmp_path)
    new = renew(tmp_path)
    assert new.public != old.public
    assert ensure_key(tmp_path).public == new.public
    assert set(public_keys(tmp_path)) == {old.public, new.public}


def test_a_lost_key_is_not_replaced_by_itself(tmp_path: Path) -> None:
    old = ensure_key(tmp_path)
    (tmp_path / "seal" / "key.pem").unlink()
    with pytest.raises(SealKeyError) as caught:
        ensure_key(tmp_path)
    assert "--renew" in str(caught.value.do)
    renew(tmp_path)
    assert old.public in public_keys(tmp_path)


def test_a_private_key_left_alone_by_a_killed_process_gets_its_public_part(tmp_path: Path) -> None:
    key = ensure_key(tmp_path)
    for public in (tmp_path / "seal" / "public").iterdir():
        public.unlink()
    assert ensure_key(tmp_path).public == key.public
    assert public_keys(tmp_path) == [key.public]


def test_a_key_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    ensure_key(tmp_path)
    (tmp_path / "seal" / "key.pem").write_bytes(b"-----BEGIN")
    with pytest.raises(SealKeyError):
        ensure_key(tmp_path)


def test_a_public_key_is_typed_as_printed_or_given_as_a_file(tmp_path: Path) -> None:
    key = ensure_key(tmp_path).public
    file = tmp_path / "centre.pem"
    file.write_bytes(key.pem)
    assert read_public(key.hex) == read_public(key.spelt) == read_public(str(file)) == key
    for wrong in ("", "abc", key.hex[:-1], str(tmp_path / "none.pem"), str(tmp_path / "seal" / "key.pem")):
        with pytest.raises(SealKeyError):
            read_public(wrong)


def test_openssl_verifies_what_the_key_signed(tmp_path: Path) -> None:
    key = ensure_key(tmp_path)
    (tmp_path / "key.pem").write_bytes(key.public.pem)
    (tmp_path / "seal.json").write_bytes(b"{}")
    (tmp_path / "seal.sig").write_bytes(key.sign(b"{}"))
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in seal.json -sigfile seal.sig"
    assert subprocess.run(command.split(), cwd=tmp_path, check=False, capture_output=True).returncode == 0
    (tmp_path / "seal.json").write_bytes(b"{ }")
    assert subprocess.run(command.split(), cwd=tmp_path, check=False, capture_output=True).returncode != 0
