"""A physical machine of a lab: a device on the candidate's table, such as a wireless access point.

Épreuve only looks at it. What is done with a virtual machine (made from an image, set up, broken, reset, frozen at the
bell) cannot be done with it, and a lab that asks for it is told so.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import StringConstraints, ValidationError, model_validator

from labs.base import Slug, Strict
from labs.faults import told
from labs.text import Text

OF_VIRTUAL = ("image", "memory_mib", "vcpus", "nics", "console", "admin", "prepare", "personalise", "ready")
"""The keys of a virtual machine that a physical one cannot have."""


Reach = Literal["ssh", "https"]


class Device(Strict):
    """One physical machine. Its address is each seat's own, given by the supervisor when the session is held.

    ``family``: what kind of system it is, and so how it is asked. ``network``: the one it hangs on in the picture; it
    is on a network of the room, not on the bench's isolated one. ``reach``: how it is asked; over plain HTTP none is:
    nothing would tell which device answers, and the password could be read on the way. ``user``, ``secret``: who asks,
    and the secret of the session that is the password; over SSH the session's key is tried first, so that a candidate
    may change the password. ``enable``: of a device with a Cisco-like prompt, the secret that makes an administrator of
    who signs in as an ordinary user.
    """

    kind: Literal["physical"]
    title: str
    family: Literal["openwrt", "linux", "windows", "cisco"]
    network: Slug
    reach: Reach = "ssh"
    user: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,31}$")] = "root"
    secret: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")] | None = None
    enable: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")] | None = None

    @model_validator(mode="before")
    @classmethod
    def _only_looked_at(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        faults = [told(CODE, (key,), _cannot(key)) for key in OF_VIRTUAL if key in given]
        if given.get("reach") == "http":
            faults.append(told("plain-http", ("reach",), _PLAIN, Text("ssh ou https", "ssh or https")))
        if given.get("reach") == "https" and given.get("family", "openwrt") != "openwrt":
            faults.append(told("wrong-reach", ("reach",), _PAGE, Text("ssh", "ssh")))
        if given.get("enable") is not None and given.get("family", "cisco") != "cisco":
            faults.append(told("wrong-family", ("enable",), _NO_ENABLE, Text("family: cisco", "family: cisco")))
        if given.get("reach") == "https" and "secret" not in given:
            faults.append(told("missing-key", (), _NO_SECRET, _A_SECRET))
        if faults:
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return given


CODE = "physical-machine"

_PLAIN = Text(
    "par HTTP sans chiffrement, rien ne dit quel appareil répond et le mot de passe se lit en chemin",
    "over plain HTTP nothing tells which device answers, and the password can be read on the way",
)
_PAGE = Text(
    "par HTTPS, Épreuve n'interroge que la page d'un appareil OpenWrt",
    "over HTTPS Épreuve asks only the page of an OpenWrt device",
)
_NO_ENABLE = Text(
    "« enable » ne vaut que pour un appareil à invite de type Cisco",
    "“enable” is for devices with a Cisco-like prompt only",
)
_NO_SECRET = Text("il manque la clé « secret »", "key “secret” is missing")
_A_SECRET = Text(
    "secret : le mot de passe de la session par lequel on interroge la page",
    "secret: the session's password by which the page is asked",
)


def _cannot(key: str) -> Text:
    return Text(
        f"« {key} » ne vaut que pour une machine virtuelle : Épreuve ne fait que regarder une machine physique",
        f"“{key}” is for virtual machines only: Épreuve only looks at a physical one",
    )
