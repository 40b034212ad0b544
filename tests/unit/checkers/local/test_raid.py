"""Software RAID: what /proc/mdstat, mdadm and the files that count at boot say, and what is concluded from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.checks.raid import RaidIsSound, RaidReturns
from checkers.facts import Raw
from checkers.parsers import fstab, mdadm
from checkers.probes.raid import Raid
from tests.unit.checkers.local.judging import judged

SOUND = RaidIsSound(on="server", path="/srv/donnees", level="raid1", disks=2)
DISKS = RaidIsSound(on="server", path="/srv/donnees", members=("/dev/sda", "/dev/sdc"))
BOOT = RaidReturns(on="server", path="/srv/donnees")
UUID = "3a8f6c1e:11111111:22222222:33333333"


def said(
    *,
    line: str = "md0 : active raid1 sdc[2] sda[0]",
    count: str = "[2/2] [UU]",
    roles: str = "sda=0 sdc=1",
    action: str = "",
    fstab_line: str = "LABEL=donnees /srv/donnees ext4 defaults 0 2",
    conf: str = f"ARRAY /dev/md0 metadata=1.2 UUID={UUID}",
    options: str = "rw,relatime",
    units: str = "",
) -> str:
    """As a machine with one array says it."""
    members = "".join(
        f"MD_DEVICE_dev_{disk}_ROLE={role}\nMD_DEVICE_dev_{disk}_DEV=/dev/{disk}\n"
        for disk, role in (word.split("=") for word in roles.split())
    )
    busy = f"      [=>....]  {action} = 5.1% (8448/163776) finish=0.3min speed=8448K/sec\n" if action else ""
    return (
        f"== mdstat\nPersonalities : [raid1] \n{line}\n      162816 blocks super 1.2 {count}\n{busy}      \n"
        "unused devices: <none>\n== details\nMD=md0\nMD_LEVEL=raid1\nMD_DEVICES=2\nMD_METADATA=1.2\n"
        f"MD_UUID={UUID}\nMD_DEVNAME=donnees\nMD_NAME=srv:donnees\n{members}"
        "== links\n/dev/md/donnees /dev/md0\n"
        f"== mounts\n/dev/vda / ext4 rw 0 0\n/dev/md0 /srv/donnees ext4 {options} 0 0\n"
        '== filesystems\n/dev/md0: LABEL="donnees" UUID="aa-bb" TYPE="ext4"\n'
        f"== conf\n# mdadm.conf\n{conf}\n== fstab\n/dev/vda / ext4 defaults 0 0\n{fstab_line}\n"
        f"== units\n{units}\n== end\n"
    )


def test_a_sound_array_passes() -> None:
    assert judged(SOUND, {"raid": said()}).outcome == "PASS"
    assert judged(DISKS, {"raid": said()}).outcome == "PASS"
    assert judged(BOOT, {"raid": said()}).outcome == "PASS"


@pytest.mark.parametrize(
    ("answer", "outcome", "word"),
    [
        (said(line="md0 : active raid1 sdb[1](F) sda[0]", count="[2/1] [U_]"), "FAIL", "1 disques en service sur 2"),
        (said(count="[2/1] [U_]", roles="sda=0 sdc=spare", action="recovery"), "FAIL", "reconstruction en cours"),
        (said(line="md0 : active raid1 sdc[2] sdb[1](F) sda[0]"), "PART", "disque en panne dans la grappe : /dev/sdb"),
        (said(options="ro,relatime"), "FAIL", "lecture seule"),
        (said().replace("/srv/donnees ext4 rw", "/mnt ext4 rw"), "FAIL", "aucune grappe RAID n'est montée"),
        (said(line="md0 : active raid1 sda[0]", count="[1/1] [U]"), "FAIL", "attendu 2"),
        (said().replace("MD_LEVEL=raid1", "MD_LEVEL=raid0"), "FAIL", "raid0"),
        ("== mdstat\nno md\n== details\n", "INCONCLUSIVE", "n'ont pas pu être lues"),
        ("", "INCONCLUSIVE", "n'ont pas pu être lues"),
    ],
)
def test_what_is_not_sound(answer: str, outcome: str, word: str) -> None:
    found = judged(SOUND, {"raid": answer})
    assert (found.outcome, word in found.reason) == (outcome, True), found


def test_a_failed_disk_that_stays_in_the_array_is_one_of_its_disks() -> None:
    stays = judged(DISKS, {"raid": said(line="md0 : active raid1 sdc[2] sdb[1](F) sda[0]")})
    assert stays.outcome == "FAIL"
    assert "/dev/sdb" in stays.reason


@pytest.mark.parametrize(
    "way",
    [
        {"fstab_line": "UUID=aa-bb /srv/donnees/ ext4 nofail 0 2"},
        {"fstab_line": "/dev/disk/by-label/donnees /srv/donnees ext4 defaults 0 2"},
        {"fstab_line": "/dev/md0 /srv/donnees ext4 defaults 0 2"},
        {"fstab_line": "/dev/md/0 /srv/donnees ext4 defaults 0 2", "conf": f"array /dev/md/0\n  uuid={UUID}"},
        {"fstab_line": "/dev/md/donnees /srv/donnees ext4", "conf": "ARRAY /dev/md/donnees name=srv:donnees"},
        {
            "fstab_line": "",
            "units": "Id=srv-donnees.mount\nWhat=LABEL=donnees\nWhere=/srv/donnees\nType=ext4\nUnitFileState=enabled",
        },
    ],
)
def test_ways_that_come_back(way: dict[str, str]) -> None:
    assert judged(BOOT, {"raid": said(**way)}).outcome == "PASS"


@pytest.mark.parametrize(
    ("way", "outcome", "word"),
    [
        ({"conf": ""}, "PART", "mdadm.conf ne déclare pas"),
        ({"conf": "ARRAY /dev/md0 UUID=00000000:00000000:00000000:00000000"}, "PART", "mdadm.conf ne déclare pas"),
        ({"conf": f"#ARRAY /dev/md0 UUID={UUID}"}, "PART", "mdadm.conf ne déclare pas"),
        ({"conf": f"ARRAY <ignore> UUID={UUID}"}, "PART", "mdadm.conf ne déclare pas"),
        ({"fstab_line": ""}, "PART", "rien ne monte /srv/donnees"),
        ({"fstab_line": "#LABEL=donnees /srv/donnees ext4 defaults 0 2"}, "PART", "rien ne monte"),
        ({"fstab_line": "LABEL=donnees /srv/donnees ext4 noauto 0 2"}, "PART", "noauto"),
        ({"fstab_line": "LABEL=Donnees /srv/donnees ext4 defaults 0 2"}, "PART", "n'est pas cette grappe"),
        ({"fstab_line": "/dev/sda /srv/donnees ext4 defaults 0 2"}, "PART", "n'est pas cette grappe"),
        ({"fstab_line": "/dev/md0 /srv/donnees ext4 defaults 0 2", "conf": ""}, "FAIL", "il peut changer"),
        (
            {"fstab_line": "/dev/md0 /srv/donnees ext4", "conf": f"ARRAY /dev/md127 UUID={UUID}"},
            "PART",
            "il peut changer",
        ),
    ],
)
def test_ways_that_do_not_come_back(way: dict[str, str], outcome: str, word: str) -> None:
    found = judged(BOOT, {"raid": said(**way)})
    assert (found.outcome, word in found.reason) == (outcome, True), found


def test_states_of_the_disks() -> None:
    answer = said(
        line="md0 : active raid1 sde[4](S) sdd[3] sdc[2](F) sda[0]", roles="sda=0 sdc=spare sdd=spare sde=spare"
    )
    states = {member.device: member.state for member in Raid().parse(Raw(stdout=answer)).arrays[0].members}
    assert states == {"/dev/sda": "active", "/dev/sdc": "failed", "/dev/sdd": "rebuilding", "/dev/sde": "spare"}


def test_stripes_have_no_count_of_the_kernel_s() -> None:
    answer = said(line="md0 : active raid0 sdc[1] sda[0]", count="512k chunks").replace("=raid1", "=raid0")
    assert (
        judged(RaidIsSound(on="server", path="/srv/donnees", level="raid0", disks=2), {"raid": answer}).outcome
        == "PASS"
    )
    assert judged(SOUND, {"raid": answer}).outcome == "FAIL"


def test_an_array_that_is_not_named_counts_only_where_it_would_be_found() -> None:
    loose = RaidReturns(on="server", path="/srv/donnees", declared=False)
    assert judged(loose, {"raid": said(conf="")}).outcome == "PASS"
    assert judged(loose, {"raid": said(conf="AUTO -all")}).outcome == "PART"


@given(st.text(max_size=400))
def test_hostile_text_is_read_or_refused(text: str) -> None:
    mdadm.mdstat(text)
    mdadm.conf(text)
    mdadm.exports(text)
    fstab.table(text)
    fstab.units(text)
    fstab.filesystems(text)


@given(st.text(alphabet="ARY /dev/m0123\tuid=:#-\n", max_size=200))
def test_no_array_is_declared_without_a_uuid_or_a_name(text: str) -> None:
    for entry in mdadm.conf(text).arrays:
        assert entry.uuid == "" or len(entry.uuid) == 32
