"""How a Windows machine is protected: antivirus, BitLocker, backups."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Literal

from checkers.parsers.clean import integer
from checkers.probe import Probe
from checkers.probes.antivirus import Antivirus, AntivirusValue
from checkers.probes.backup_policy import BackupPolicy, BackupPolicyValue, FileHistory
from checkers.probes.encrypted_volumes import EncryptedVolume, EncryptedVolumes, EncryptedVolumesValue
from checkers.windows.answer import number, rows, text, texts
from checkers.windows.twin import WindowsTwin

_NEVER = 2**31
"""Ages of what never was are the greatest number there is."""
_SYSTEM = 0
_PROTECTION: dict[int, Literal["on", "off", "locked"]] = {0: "off", 1: "on", 2: "locked"}
_METHODS = {0: "none", 3: "aes128", 4: "aes256", 5: "hardware", 6: "xts-aes128", 7: "xts-aes256"}
_PROTECTORS = {
    1: "tpm", 2: "external-key", 3: "recovery-password", 4: "tpm-pin", 5: "tpm-key", 6: "tpm-pin-key", 7: "certificate",
    8: "passphrase", 9: "tpm-certificate", 10: "account",
}  # fmt: skip
"""Win32_EncryptableVolume: GetEncryptionMethod, GetKeyProtectorType."""


class AntivirusTwin(WindowsTwin[AntivirusValue]):
    """Microsoft Defender (MSFT_MpComputerStatus, MSFT_MpPreference)."""

    probe: ClassVar[type[Probe[Any]]] = Antivirus
    script: ClassVar[str] = "antivirus"

    def read(self, probe: Antivirus, answer: Any) -> AntivirusValue:
        if answer["present"] is not True or answer["running"] is not True:
            return AntivirusValue(present=answer["present"] is True, running=False)
        on = answer["service"] is True and answer["antivirus"] is True
        return AntivirusValue(
            present=True,
            running=True,
            mode=text(answer["mode"], 40),
            real_time=on and answer["real_time"] is True,
            behaviour=on and answer["behaviour"] is True,
            tamper_protection=answer["tamper"] is True,
            definitions_days=_age(answer["definitions_days"]),
            quick_scan_days=_age(answer["quick_scan_days"]),
            full_scan_days=_age(answer["full_scan_days"]),
            scan_day=number(answer["scan_day"]),
            paths_left_out=texts(answer["paths"], 100),
            extensions_left_out=texts(answer["extensions"], 100),
            processes_left_out=texts(answer["processes"], 100),
        )


def _age(days: Any) -> int | None:
    return None if number(days) >= _NEVER else number(days)


class EncryptedVolumesTwin(WindowsTwin[EncryptedVolumesValue]):
    """BitLocker, in numbers of its own class."""

    probe: ClassVar[type[Probe[Any]]] = EncryptedVolumes
    script: ClassVar[str] = "encrypted-volumes"

    def read(self, probe: EncryptedVolumes, answer: Any) -> EncryptedVolumesValue:
        return EncryptedVolumesValue(
            present=answer["present"] is True, volumes=tuple(_volume(one) for one in rows(answer["volumes"], 100))
        )


def _volume(found: Any) -> EncryptedVolume:
    readable, method = found["readable"] is True, number(found["method"], 0)
    return EncryptedVolume(
        drive=text(found["drive"], 10),
        system=number(found["type"]) == _SYSTEM,
        protection=_PROTECTION[number(found["protection"])],
        percent=number(found["percent"]) if readable else None,
        method=_METHODS.get(method, str(method)) if readable else None,
        protectors=tuple(
            _PROTECTORS.get(number(one), str(number(one))) for one in sorted(rows(found["protectors"], 20))
        ),
    )


class BackupPolicyTwin(WindowsTwin[BackupPolicyValue]):
    """Windows Server Backup (WBPolicy, WBSummary) and File History."""

    probe: ClassVar[type[Probe[Any]]] = BackupPolicy
    script: ClassVar[str] = "backup-policy"

    def read(self, probe: BackupPolicy, answer: Any) -> BackupPolicyValue:
        server = answer["server"] or {}
        last = text(server.get("last_success"))
        hours = (
            (datetime.fromisoformat(text(answer["now"])) - datetime.fromisoformat(last)).total_seconds() / 3600
            if last
            else None
        )
        return BackupPolicyValue(
            installed=bool(server),
            scheduled=server.get("policy") is True and bool(rows(server.get("times"))),
            times=texts(server.get("times"), 48),
            volumes=texts(server.get("volumes"), 50),
            files=texts(server.get("files"), 100),
            targets=texts(server.get("targets"), 20),
            system_state=server.get("system_state") is True,
            bare_metal=server.get("bare_metal") is True,
            age_h=None if hours is None else int(hours),
            histories=tuple(
                FileHistory(
                    user=text(one["sid"]), target=text(one["target"]), every_s=integer(text(one["frequency_s"]), -1)
                )
                for one in rows(answer["histories"], 50)
            ),
        )
