"""The JSON Schema of ``lab.yml``, for editors that complete and check while an author types.

``python -m labs.schema > docs/schema/lab.schema.json`` writes the published copy; a test keeps it current.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from labs.model import Lab


def lab_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12). A check's own parameters (``with``) are left open: ``lab lint`` reads those."""
    schema = Lab.model_json_schema(by_alias=True, mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Épreuve lab (lab.yml)",
        **{key: value for key, value in schema.items() if key != "title"},
    }


def text() -> str:
    """The schema as the published file holds it."""
    return json.dumps(lab_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
