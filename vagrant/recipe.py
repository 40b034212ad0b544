"""The recipe of an image: what is put into it, as data.

A recipe is a folder::

    images/server/
        recipe.yml      packages, services, sizes (the model below)
        files/          laid over the root file system; a file that starts with #! is executable
        hooks/          scripts run inside the image, in the order of the recipe, without network

An image may be based on another recipe: packages, files, services and hooks of the base come first.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from labs.text import Text
from vagrant.errors import ImageError

IMAGES = Path(__file__).parent / "images"
RECIPE_FILE = "recipe.yml"
MAX_BASES = 4

PackageName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9+.-]+$")]
UnitName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9:_.@\\-]+\.(service|socket|timer|mount|automount|path|target)$")
]
HookName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Services(_Strict):
    """systemd units of the image. A masked unit cannot be started by anything, not even by a dependency."""

    enable: tuple[UnitName, ...] = ()
    disable: tuple[UnitName, ...] = ()
    mask: tuple[UnitName, ...] = ()

    @model_validator(mode="after")
    def _one_state_each(self) -> Services:
        lists = (self.enable, self.disable, self.mask)
        twice = {unit for i, a in enumerate(lists) for b in lists[i + 1 :] for unit in set(a) & set(b)}
        if twice:
            raise ValueError(f"units in two lists at once: {', '.join(sorted(twice))}")
        return self


class RecipeData(_Strict):
    """The content of ``recipe.yml``.

    kernel: the kernel's package; an image without one is only a base for others.
    initrd_modules: kernel modules needed to see the root disk, with their dependencies in load order.
    debconf: answers to the packages' questions, in debconf-set-selections format.
    memory_mib: what a machine made from this image needs to be comfortable.
    """

    summary: str
    suite: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")] = "trixie"
    based_on: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")] | None = None
    packages: tuple[PackageName, ...] = ()
    debconf: tuple[str, ...] = ()
    services: Services = Services()
    hooks: tuple[HookName, ...] = ()
    kernel: PackageName | None = None
    initrd_modules: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")], ...] = ()
    hostname: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,62}$")] | None = None
    disk_gib: Annotated[int, Field(ge=1, le=64)] = 4
    memory_mib: Annotated[int, Field(ge=256, le=65536)] = 1024
    cmdline: str = ""


class Recipe:
    """One recipe folder, read and checked."""

    def __init__(self, name: str, folder: Path, data: RecipeData, base: Recipe | None) -> None:
        self.name = name
        self.folder = folder
        self.data = data
        self.base = base

    @property
    def bootable(self) -> bool:
        return self.data.kernel is not None

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def hook(self, name: str) -> Path:
        return self.folder / "hooks" / name

    def sources(self) -> Iterator[tuple[str, Path]]:
        """Every file that decides what is in the image, as (name in the recipe, path), sorted by name."""
        yield RECIPE_FILE, self.folder / RECIPE_FILE
        for part in ("files", "hooks"):
            found = (p for p in (self.folder / part).rglob("*") if p.is_symlink() or p.is_file())
            for path in sorted(found):
                if "__pycache__" not in path.parts:
                    yield path.relative_to(self.folder).as_posix(), path

    def key(self, builder_version: str) -> str:
        """The content address: any change of a source file, of the base or of the builder changes it."""
        digest = hashlib.sha256()

        def feed(label: str, content: bytes) -> None:
            digest.update(f"{label}\0{len(content)}\0".encode() + content)

        feed("builder", builder_version.encode())
        if self.base is not None:
            feed("base", self.base.key(builder_version).encode())
        for name, path in self.sources():
            if path.is_symlink():
                feed(f"link {name}", path.readlink().as_posix().encode())
            else:
                feed(f"file {name}", path.read_bytes())
        return digest.hexdigest()


def recipe_names(images: Path = IMAGES) -> list[str]:
    """The recipes that exist, bases included."""
    return sorted(p.parent.name for p in images.glob(f"*/{RECIPE_FILE}"))


def load_recipe(name: str, images: Path = IMAGES, *, _depth: int = 0) -> Recipe:
    """Read a recipe and its bases. Raises ImageError: unknown name, wrong YAML, wrong key, missing hook."""
    folder = images / name
    source = folder / RECIPE_FILE
    if name not in recipe_names(images):
        raise ImageError(
            Text("Aucune recette d’image « {name} ».", "There is no image recipe “{name}”.").format(name=name),
            where=str(images),
            do=Text("Images connues : {names}.", "Known images: {names}.").format(
                names=", ".join(recipe_names(images)) or "–"
            ),
        )
    data = _parse(source)
    if _depth >= MAX_BASES:
        raise ImageError(
            Text("La recette se base sur elle-même.", "The recipe is based on itself."),
            where=str(source),
            do=Text("Corrigez « based_on ».", "Correct “based_on”."),
        )
    base = load_recipe(data.based_on, images, _depth=_depth + 1) if data.based_on else None
    recipe = Recipe(name, folder, data, base)
    missing = [hook for hook in data.hooks if not recipe.hook(hook).is_file()]
    if missing:
        raise ImageError(
            Text("Script absent du dossier hooks/ : {names}.", "Script missing from hooks/: {names}.").format(
                names=", ".join(missing)
            ),
            where=str(source),
            do=Text("Ajoutez-le, ou ôtez-le de « hooks ».", "Add it, or remove it from “hooks”."),
        )
    return recipe


def _parse(source: Path) -> RecipeData:
    try:
        raw = YAML(typ="safe").load(io.StringIO(source.read_text("utf-8")))
    except (YAMLError, UnicodeDecodeError) as error:
        raise ImageError(
            Text("La recette n’est pas du YAML valide : {e}", "The recipe is not valid YAML: {e}").format(e=error),
            where=str(source),
            do=Text("Corrigez la ligne citée.", "Correct the line shown."),
        ) from error
    try:
        return RecipeData.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in e['loc']) or 'recipe'}: {e['msg']}" for e in error.errors()
        )
        raise ImageError(
            Text("La recette est fausse : {faults}.", "The recipe is wrong: {faults}.").format(faults=faults),
            where=str(source),
            do=Text("Clés permises : {keys}.", "Allowed keys: {keys}.").format(keys=", ".join(RecipeData.model_fields)),
        ) from error
