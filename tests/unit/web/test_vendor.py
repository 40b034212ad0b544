"""The browser's libraries are, byte for byte, the files that ``.ci/vendor`` took from npm, each with its licence."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import web

VENDOR = Path(web.__file__).parent / "static" / "vendor"
LISTED = json.loads((VENDOR / "vendor.json").read_text())


def test_every_file_is_the_one_that_was_fetched() -> None:
    wanted = {f"{package['folder']}/{path}": sha for package in LISTED for path, sha in package["files"].items()}
    found = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "vendor.json"
    }
    assert found == wanted, "changed, missing or unknown files: run .ci/vendor"


def test_every_library_comes_with_its_licence() -> None:
    assert {package["name"] for package in LISTED} == {"@novnc/novnc", "htmx.org", "htmx-ext-sse"}
    for package in LISTED:
        assert package["licence"]
        assert any("LICENSE" in path for path in package["files"]), package["name"]
