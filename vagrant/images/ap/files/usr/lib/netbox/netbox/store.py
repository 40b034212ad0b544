"""The one file that holds the configuration, shared by the command line and the web page."""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .settings import FACTORY_PASSWORD, PASSWORD_HASH, Config, SettingError, factory

FOLDER = Path("/etc/netbox")
MIN_PASSWORD = 8


class Store:
    """Reads and writes ``config.json``; a write replaces the file whole."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self.file = folder / "config.json"
        self._lock = folder / ".lock"

    def read(self) -> Config:
        """The configuration; the factory's when there is none or it is damaged."""
        try:
            nested = json.loads(self.file.read_text("utf-8"))
            flat = {f"{group}.{key}": v for group, values in nested.items() for key, v in values.items()}
        except (OSError, ValueError, AttributeError):
            return self.reset()
        return {**factory(), **flat}

    def write(self, config: Config) -> None:
        nested: dict[str, dict[str, object]] = {}
        for name, value in config.items():
            group, key = name.split(".", 1)
            nested.setdefault(group, {})[key] = value
        draft = self.file.with_name(f".config.{os.getpid()}.{secrets.token_hex(4)}")
        draft.touch(mode=0o660)
        draft.write_text(json.dumps(nested, indent=2, ensure_ascii=False) + "\n", "utf-8")
        draft.replace(self.file)

    @contextmanager
    def editing(self) -> Iterator[None]:
        """One writer at a time: the web page and the command line may be open together."""
        with self._lock.open("a") as handle:
            with contextlib.suppress(PermissionError):  # another user of the group made it, and shared it
                self._lock.chmod(0o660)
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def reset(self) -> Config:
        """Back to the factory settings, password included."""
        config = {**factory(), PASSWORD_HASH: hash_password(FACTORY_PASSWORD)}
        self.write(config)
        return config


def new_password(config: Config, password: str) -> Config:
    """The configuration with another administrator password. Raises SettingError."""
    if not MIN_PASSWORD <= len(password) <= 64:
        raise SettingError(f"le mot de passe doit faire de {MIN_PASSWORD} à 64 caractères")
    if any(ord(c) < 32 or ord(c) == 127 for c in password):
        raise SettingError("le mot de passe ne doit pas contenir de caractère de commande")
    return {**config, PASSWORD_HASH: hash_password(password)}


def hash_password(password: str) -> str:
    """SHA-512 crypt with a random salt: the same text serves the page, the console and SSH (crypt(5))."""
    return _crypt(password, f"$6${secrets.token_hex(8)}")


def is_password(config: Config, password: str) -> bool:
    known = str(config.get(PASSWORD_HASH, ""))
    return bool(known) and hmac.compare_digest(_crypt(password, known), known)


def _crypt(password: str, salt: str) -> str:
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    made = library.crypt(password.encode(), salt.encode())
    if not made or made.startswith(b"*"):
        raise SettingError("mot de passe impossible à enregistrer")
    return str(made.decode())
