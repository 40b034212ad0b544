"""Checks about one machine's own configuration."""

from __future__ import annotations

from checkers.check import Check
from checkers.checks.accounts import LocalUserIs
from checkers.checks.addresses import AddressIsDynamic, AddressIsStatic
from checkers.checks.clocks import ClockIsRight
from checkers.checks.files import FileContentIs, FileDigestIs, PosixRightsAre
from checkers.checks.folder_trial import FolderAccessIs
from checkers.checks.mail_accounts import MailAccountIs
from checkers.checks.mounts import FolderIsMounted
from checkers.checks.package_sources import PackageVersionIs, SourceIsTrusted
from checkers.checks.packages import PackageIs
from checkers.checks.printers import PrinterIs
from checkers.checks.raid import RaidIsSound, RaidReturns
from checkers.checks.restore import BackupRestores
from checkers.checks.schedules import JobIsScheduled
from checkers.checks.services import ServiceStateIs
from checkers.checks.space import SpaceIsFree
from checkers.checks.updates import UpdatesInstallThemselves

LOCAL: tuple[type[Check], ...] = (
    AddressIsDynamic,
    AddressIsStatic,
    LocalUserIs,
    PosixRightsAre,
    FileContentIs,
    FileDigestIs,
    ServiceStateIs,
    JobIsScheduled,
    PrinterIs,
    MailAccountIs,
    SpaceIsFree,
    FolderAccessIs,
    RaidIsSound,
    RaidReturns,
    BackupRestores,
    UpdatesInstallThemselves,
    ClockIsRight,
    PackageIs,
    PackageVersionIs,
    SourceIsTrusted,
    FolderIsMounted,
)
