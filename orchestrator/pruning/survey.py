"""Everything that takes room, and why it is kept or may go."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from labs.text import Text
from orchestrator.golden import list_goldens
from orchestrator.hypervisor.port import Hypervisor
from orchestrator.pruning.uses import Uses, under_goldens, uses
from orchestrator.pruning.wanted import wanted
from orchestrator.settings import Settings
from vagrant.box import box_name
from vagrant.build import list_images
from vagrant.cache import Image, stored_images

Kind = Literal["golden", "image", "box"]

_PRESENT = Text("recette présente", "present recipe")
_BROKEN = Text("incomplet", "not whole")
_DISCS = Text("ne se refait pas sans ses disques", "cannot be made again without its discs")
_NOT_ASKED = Text("seulement avec --boxes", "only with --boxes")
_BOX = re.compile(r"epreuve-(?P<image>.+)-[0-9a-f]{12}\.box\Z")


@dataclass(frozen=True)
class Item:
    """A golden, an image or a box. title: the lab, or the image.

    at: when it was made; of a golden when it was last used. kept: why it stays; None: it may go.
    """

    kind: Kind
    title: str
    path: Path
    at: datetime
    kept: Text | None

    @property
    def key(self) -> str:
        """Short for what it is made from."""
        return self.path.stem[-12:] if self.kind == "box" else self.path.name[:12]


def survey(
    settings: Settings,
    hypervisors: Sequence[Hypervisor],
    *,
    now: datetime,
    keep: timedelta = timedelta(),
    boxes: bool = False,
) -> list[Item]:
    """What there is, by kind; what stands on another comes before it. keep: what was touched in that time stays. boxes:
    old ones may go."""
    needed = uses(settings, hypervisors)
    goldens = list_goldens(settings.goldens_dir)
    needed = {**wanted(settings, hypervisors, goldens), **needed}
    labs = {one.dir: one.lab for one in goldens}
    places = [*labs, *(place for place in settings.goldens_dir.glob("[!.]*/") if place not in labs)]
    found = [_item("golden", labs.get(place) or str(_BROKEN), place, needed) for place in places]
    found = [_if_new(item, now - keep) for item in found]
    gone = [item.path for item in found if item.kept is None]
    images = stored_images(settings.images_dir)
    present = {state.current.key for state in list_images(cache=settings.images_dir) if state.current}
    of_boxes = [_if_new(one, now - keep) for one in _boxes(settings, images, present, boxes)]
    needed |= under_goldens(settings, gone) | _of_boxes(images, of_boxes)
    of_images = [_if_new(_image(one, needed, present), now - keep) for one in images]
    return [*found, *of_boxes, *of_images]


def taken(item: Item) -> int:
    """The bytes that its files take on the disk, those too that another item has by another name."""
    return sum({(known.st_dev, known.st_ino): known.st_blocks * 512 for known in _files(item)}.values())


def freed(items: Iterable[Item]) -> int:
    """The bytes that the disk has back without these: what another name still holds is not free."""
    names: dict[tuple[int, int], list[os.stat_result]] = {}
    for known in (known for item in items for known in _files(item)):
        names.setdefault((known.st_dev, known.st_ino), []).append(known)
    return sum(found[0].st_blocks * 512 for found in names.values() if len(found) >= found[0].st_nlink)


def _files(item: Item) -> Iterator[os.stat_result]:
    files = [one for one in item.path.rglob("*") if one.is_file()] if item.path.is_dir() else [item.path]
    with suppress(FileNotFoundError):  # it is being removed
        yield from (file.lstat() for file in files)


def _item(kind: Kind, title: str, path: Path, needed: Uses) -> Item:
    return Item(kind, title, path, _touched(path), needed.get(path))


def _touched(path: Path) -> datetime:
    files = [path, *(path.iterdir() if path.is_dir() else ())]
    return datetime.fromtimestamp(max(file.stat().st_mtime for file in files)).astimezone()


def _if_new(item: Item, since: datetime) -> Item:
    new = Text("récent (--keep)", "recent (--keep)")
    return replace(item, kept=new) if item.kept is None and item.at > since else item


def _image(image: Image, needed: Uses, present: set[str]) -> Item:
    folder = image.disk.parent
    found = _item("image", image.name, folder, needed)
    why = _PRESENT if image.key in present else _DISCS if image.kernel is None else found.kept
    return replace(found, kept=why)


def _boxes(settings: Settings, images: Sequence[Image], present: set[str], asked: bool) -> Iterator[Item]:
    current = {f"{box_name(image)}.box" for image in images if image.key in present}
    for file in sorted(settings.boxes_dir.glob("*.box")):
        if known := _BOX.match(file.name):
            kept = _PRESENT if file.name in current else None if asked else _NOT_ASKED
            yield Item("box", known["image"], file, _touched(file), kept)


def _of_boxes(images: Sequence[Image], boxes: Sequence[Item]) -> Uses:
    """The machines of a box boot with the kernel of its image, from the image's own folder."""
    staying = {item.path.name for item in boxes if item.kept is not None}
    why = Text("sa boîte Vagrant", "its Vagrant box")
    return {image.disk.parent: why for image in images if f"{box_name(image)}.box" in staying}
