"""The Windows that can be installed, as data (``editions.yml``)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from labs.text import Text
from vagrant.errors import ImageError

_FILE = Path(__file__).with_name("editions.yml")


class Edition(BaseModel):
    """One kind of Windows. The keys are explained in ``editions.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    builds: tuple[int, int]
    installation: Literal["Client", "Server"]
    editions: Annotated[tuple[str, ...], Field(min_length=1)]
    drivers: str
    memory_mib: int
    disk_gib: int

    @property
    def is_client(self) -> bool:
        return self.installation == "Client"


@cache
def editions() -> dict[str, Edition]:
    """Every edition by name."""
    raw = YAML(typ="safe").load(_FILE.read_text("utf-8"))
    return {name: Edition(name=name, **values) for name, values in raw.items()}


def edition(name: str) -> Edition:
    """The edition of this name. Raises ImageError when there is none."""
    if name not in editions():
        raise ImageError(
            Text(f"Aucun Windows « {name} » ici.", f"There is no Windows “{name}” here."),
            do=Text(f"Connus : {', '.join(editions())}.", f"Known: {', '.join(editions())}."),
        )
    return editions()[name]
