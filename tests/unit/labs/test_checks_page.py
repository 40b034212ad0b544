"""The page that lists the checks is that of the catalog.

``python tests/unit/labs/test_checks_page.py > docs/checks.md`` writes it.
"""

# ruff: noqa: E501 - lines of the page

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from checkers.check import Check
from checkers.checks import CHECKS

PAGE = Path(__file__).parents[3] / "docs" / "checks.md"
HEAD = """\
# The checks that a lab may name

Written from the catalog; do not edit. See [Writing a lab](writing-a-lab.md) for how they are used.

A check asks its machine (`on`) through the guest agent. One that takes a `network` and no `on` asks from outside, through
the witness on that network; `wifi-air`, `wifi-associates` and `wifi-isolation` ask the witness radio. A parameter without
a default must be given; “—” stands for nothing expected.

"""


def _type(value: object) -> str:
    if isinstance(value, dict):
        if "$ref" in value:
            return str(value["$ref"]).rsplit("/", 1)[1]
        if "anyOf" in value:
            kinds = [_type(choice) for choice in value["anyOf"]]
            return " or ".join(kind for kind in dict.fromkeys(kinds) if kind != "null")
        if "enum" in value:
            return " or ".join(f"`{choice}`" for choice in value["enum"])
        if "const" in value:
            return f"`{value['const']}`"
        if value.get("type") == "array":
            return f"list of {_type(value.get('items', {'type': 'values'}))}"
        if value.get("type") == "object":
            return "mapping"
        return str(value.get("format", value.get("type", "value")))
    return "value"


def _section(kind: str, check: type[Check]) -> str:
    schema = check.model_json_schema()
    required = set(schema.get("required", []))
    lines = [f"## {kind}", "", f"{check.about.en[:1].upper()}{check.about.en[1:]}.", ""]
    text = inspect.cleandoc(check.__doc__ or "")
    lines += [text, ""] if text else []
    lines += ["| parameter | takes | default |", "|---|---|---|"]
    for name, value in schema["properties"].items():
        default = "" if name in required else f"`{value.get('default')}`" if value.get("default") is not None else "—"
        default = (
            re.sub(r"True|False", lambda match: match[0].lower(), default).replace("`()`", "—").replace("`[]`", "—")
        )
        lines.append(f"| `{name}` | {_type(value)} | {default} |")
    return "\n".join(lines) + "\n"


def page() -> str:
    """The whole page."""
    return HEAD + "\n".join(_section(kind, CHECKS[kind]) for kind in sorted(CHECKS))


def test_the_page_of_the_checks_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "run: python tests/unit/labs/test_checks_page.py > docs/checks.md"
    )


def test_every_check_says_what_it_is_about() -> None:
    for kind, check in CHECKS.items():
        assert check.about.fr, kind
        assert check.about.en, kind
        assert check.__doc__, kind


if __name__ == "__main__":
    sys.stdout.write(page())
