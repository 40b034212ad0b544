"""Finding and reading labs: by the name of one in the catalog, or by folder."""

from __future__ import annotations

from pathlib import Path

from checkers.checks import CHECKS
from labs.errors import UsageError
from labs.loader import LoadedLab, load_lab
from labs.text import Text
from vagrant.recipe import recipe_names

CATALOG = Path(__file__).parent.parent / "labs" / "catalog"


def lab_names() -> list[str]:
    """The labs shipped with Épreuve, by name."""
    return sorted(entry.parent.name for entry in CATALOG.glob("*/lab.yml"))


def lab_folder(name_or_folder: str) -> Path:
    """The folder of a lab. Raises UsageError when there is none of this name."""
    path = Path(name_or_folder)
    for folder in (CATALOG / name_or_folder, path, path.parent):
        if (folder / "lab.yml").is_file() and (folder != path.parent or path.name == "lab.yml"):
            return folder.resolve()
    raise UsageError(
        Text("Ce sujet n'existe pas.", "There is no such lab."),
        where=name_or_folder,
        do=Text(
            f"Donnez un dossier qui contient lab.yml, ou l'un de : {', '.join(lab_names())}.",
            f"Give a folder that holds lab.yml, or one of: {', '.join(lab_names())}.",
        ),
    )


def open_lab(name_or_folder: str) -> LoadedLab:
    """A lab, read and linted. Raises UsageError or LabError."""
    return load_lab(lab_folder(name_or_folder), checks=CHECKS, images=recipe_names())
