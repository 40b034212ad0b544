"""Settings of this installation: where its data lives, which hypervisor it uses.

Each setting is read from the environment, else from ``epreuve.toml`` (``/etc/epreuve/`` for root, else the user's
configuration directory, or the file named by ``EPREUVE_CONFIG``), else has a default:

======================  ==============================  ==========================================================
in the file             in the environment              meaning
======================  ==============================  ==========================================================
``data_dir``            ``EPREUVE_DATA``                images, goldens, benches (root: ``/var/lib/epreuve``)
``libvirt_uri``         ``EPREUVE_LIBVIRT_URI``         ``qemu:///system``, ``qemu+ssh://…``, ``qemu+tls://…``;
                                                        unset: this host, with a private libvirtd when none runs
``accelerator``         ``EPREUVE_ACCELERATOR``         ``auto`` (probed by booting a kernel), ``kvm`` or ``tcg``
``checkpoint_minutes``  ``EPREUVE_CHECKPOINT_MINUTES``  minutes between two checkpoints of a bench (15)
``[hosts]``                                             several hypervisors: a table of names and libvirt URIs, or
                                                        ``"local"`` for this host; instead of ``libvirt_uri``
``memory_share``        ``EPREUVE_MEMORY_SHARE``        percent of a machine's memory that is set aside for it (100:
                                                        what is promised is always there)
``timestamp_url``       ``EPREUVE_TIMESTAMP_URL``       timestamp authority (RFC 3161) for dossiers; unset: none
``radio``               ``EPREUVE_RADIO``               wireless adapter of this host that hears the devices on the
                                                        tables: interface, phy or hardware address; unset: none
======================  ==============================  ==========================================================

Tables (file only): ``[oidc]``, the centre's own sign-in for the web site (:class:`Oidc`); ``[glpi]``, a GLPI whose
tickets can be read (:class:`GlpiAccess`).

A remote hypervisor sees the data directory under the same path (shared storage): images and overlays are files.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from labs.errors import UsageError
from labs.text import Text

LOCAL = "local"
"""This host, as a URI; and the name of the only host where the settings name none."""

HostName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,31}$")]


class Oidc(BaseModel):
    """The centre's own sign-in (OpenID Connect). issuer: its address; name: what its button says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: str = Field(pattern=r"^https?://\S+$")
    client_id: str
    client_secret: str = Field(repr=False)
    name: str = "OpenID Connect"


class GlpiAccess(BaseModel):
    """A GLPI whose tickets can be read (REST API). url: its address; app_token: of the API client, where one is set
    there; user_token: of an account that reads tickets; zone: that of the times it shows; ca: file with the certificate
    authority of the centre, where the system does not know it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(pattern=r"^https?://[^\s@?#]+$", max_length=500)
    user_token: str = Field(pattern=r"^[!-~]+$", repr=False)
    app_token: str | None = Field(default=None, pattern=r"^[!-~]+$", repr=False)
    zone: str = "Europe/Paris"
    ca: Path | None = None

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ValueError, KeyError, OSError) as error:
            raise ValueError("no such time zone") from error
        return zone


class Settings(BaseModel):
    """The settings in force."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(default_factory=lambda: _default_data_dir())
    libvirt_uri: str | None = None
    hosts: dict[HostName, Annotated[str, StringConstraints(min_length=1)]] = Field(default_factory=dict)
    accelerator: Literal["auto", "kvm", "tcg"] = "auto"
    checkpoint_minutes: float = Field(default=15.0, ge=0.1, le=1440)
    oidc: Oidc | None = None
    glpi: GlpiAccess | None = None
    memory_share: int = Field(default=100, ge=10, le=100)
    timestamp_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    radio: str | None = Field(default=None, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,31}$")

    @model_validator(mode="after")
    def _one_way_to_name_hosts(self) -> Self:
        if self.hosts and self.libvirt_uri:
            raise ValueError("hosts and libvirt_uri exclude each other")
        if len(set(self.hosts.values())) != len(self.hosts):
            raise ValueError("two hosts have the same URI: they would be one")
        return self

    @property
    def host_uris(self) -> dict[str, str]:
        """Every host's URI by name, in the order of the settings; there is at least one."""
        return self.hosts or {LOCAL: self.libvirt_uri or LOCAL}

    def simulated(self) -> Settings:
        """The settings of what is simulated: nothing simulated ever stands beside what is real."""
        return self.model_copy(update={"data_dir": self.data_dir / "simulated"})

    @property
    def database(self) -> Path:
        """The database of the exam sessions."""
        return self.data_dir / "epreuve.db"

    @property
    def labs_dir(self) -> Path:
        """Labs of this centre, by id and version (``orchestrator.library``)."""
        return self.data_dir / "labs"

    @property
    def proofs_dir(self) -> Path:
        """Proofs of labs that were made here (``orchestrator.proving``)."""
        return self.data_dir / "proofs"

    @property
    def dossiers_dir(self) -> Path:
        """Sealed dossiers, by session."""
        return self.data_dir / "dossiers"

    @property
    def images_dir(self) -> Path:
        """Built images, by name and content key."""
        return self.data_dir / "images"

    @property
    def boxes_dir(self) -> Path:
        """Vagrant boxes made from images."""
        return self.data_dir / "boxes"

    @property
    def goldens_dir(self) -> Path:
        """Goldens, by content key."""
        return self.data_dir / "goldens"

    @property
    def benches_dir(self) -> Path:
        """Benches, by session and name."""
        return self.data_dir / "benches"


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    :raises UsageError: a setting has a value it cannot have.
    """
    env = os.environ if environ is None else environ
    file = Path(env["EPREUVE_CONFIG"]) if env.get("EPREUVE_CONFIG") else _default_file()
    values: dict[str, object] = {}
    where = "EPREUVE_*"
    if file.is_file():
        where = str(file)
        try:
            values = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UsageError(
                Text(f"Le fichier de réglages est illisible : {error}.", f"The settings file cannot be read: {error}."),
                where=where,
                do=Text("Corrigez le fichier ou retirez-le.", "Correct the file or remove it."),
            ) from error
    for name, variable in (
        ("data_dir", "EPREUVE_DATA"),
        ("libvirt_uri", "EPREUVE_LIBVIRT_URI"),
        ("accelerator", "EPREUVE_ACCELERATOR"),
        ("checkpoint_minutes", "EPREUVE_CHECKPOINT_MINUTES"),
        ("memory_share", "EPREUVE_MEMORY_SHARE"),
        ("timestamp_url", "EPREUVE_TIMESTAMP_URL"),
        ("radio", "EPREUVE_RADIO"),
    ):
        if env.get(variable):
            values[name] = env[variable]
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise UsageError(
            Text(f"Un réglage n'est pas valable : {faults}.", f"A setting is not valid: {faults}."),
            where=where,
            do=Text("Voir docs/operations.md.", "See docs/operations.md."),
        ) from error
    return settings.model_copy(update={"data_dir": settings.data_dir.expanduser().absolute()})


def _default_file() -> Path:
    if os.geteuid() == 0:
        return Path("/etc/epreuve/epreuve.toml")
    return platformdirs.user_config_path("epreuve") / "epreuve.toml"


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/epreuve")
    return platformdirs.user_data_path("epreuve")
