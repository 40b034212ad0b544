"""Domain and network XML: goldens, and no property of a spec that is without effect."""

from __future__ import annotations

import dataclasses
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from orchestrator.hypervisor.port import DomainSpec, NetworkSpec, NicSpec, Stamp
from orchestrator.hypervisor.xml.domain import domain_xml
from orchestrator.hypervisor.xml.network import bridge_name, network_xml
from orchestrator.hypervisor.xml.saved import UnfitError, clone_xml
from orchestrator.hypervisor.xml.stamp import NAMESPACE, read_stamp
from tests.unit.hypervisor.specs import DOMAIN, NETWORK, STAMP


def parse(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - made by the code under test


GOLDENS = Path(__file__).parent / "xml"

WINDOWS = dataclasses.replace(DOMAIN, kernel=None, initrd=None, cmdline="")
GOLDEN_SPEC = dataclasses.replace(DOMAIN, stamp=dataclasses.replace(STAMP, role="golden"))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("domain-tcg.xml", domain_xml(DOMAIN, "tcg")),
        ("domain-kvm.xml", domain_xml(DOMAIN, "kvm")),
        ("domain-golden.xml", domain_xml(GOLDEN_SPEC, "tcg")),
        ("domain-windows-kvm.xml", domain_xml(WINDOWS, "kvm")),
        ("domain-windows-tcg.xml", domain_xml(WINDOWS, "tcg")),
        ("network.xml", network_xml(NETWORK)),
    ],
)
def test_golden(name: str, made: str) -> None:
    assert made + "\n" == (GOLDENS / name).read_text()


@pytest.mark.parametrize("file", sorted(GOLDENS.glob("domain-*.xml")), ids=lambda file: file.stem)
def test_libvirt_knows_what_is_in_it(file: Path) -> None:
    """libvirt ignores what it does not know; its schema does not."""
    done = subprocess.run(["virt-xml-validate", str(file), "domain"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


OTHER: dict[str, object] = {
    "name": "other",
    "uuid": "9b1d1a2e-6f0e-4d0c-8f57-0c9a2f6d9b99",
    "memory_mib": 2048,
    "vcpus": 1,
    "disk": Path("/other.qcow2"),
    "kernel": Path("/other-kernel"),
    "initrd": Path("/other-initrd"),
    "cmdline": "other",
    "nics": (NicSpec("eth0", "other", "52:54:00:00:00:01"),),
    "stamp": Stamp("s", "b", "l", "bench", "k", "d", machine="m"),
    "serial_log": Path("/other.log"),
}


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(DomainSpec)])
def test_every_property_of_a_domain_has_an_effect(field: str) -> None:
    changed = dataclasses.replace(DOMAIN, **{field: OTHER[field]})
    assert domain_xml(changed, "tcg") != domain_xml(DOMAIN, "tcg")


@pytest.mark.parametrize("field", ["device", "network", "mac"])
def test_every_property_of_a_card_has_an_effect(field: str) -> None:
    # The device's name is the guest's: it shows in the order of the cards.
    changed = dataclasses.replace(DOMAIN.nics[0], **{field: {"device": "eth-1"}.get(field, "52:54:00:00:00:01")})
    assert domain_xml(dataclasses.replace(DOMAIN, nics=(changed, DOMAIN.nics[1])), "tcg") != domain_xml(DOMAIN, "tcg")


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(NetworkSpec)])
def test_every_property_of_a_network_has_an_effect(field: str) -> None:
    changed = dataclasses.replace(NETWORK, **{field: OTHER[field]})
    assert network_xml(changed) != network_xml(NETWORK)


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Stamp)])
def test_every_property_of_a_stamp_is_read_back(field: str) -> None:
    stamp = dataclasses.replace(STAMP, **{field: "golden" if field == "role" else "é<&\"'"})
    document = parse(domain_xml(dataclasses.replace(DOMAIN, stamp=stamp), "tcg"))
    assert read_stamp(document) == stamp


@pytest.mark.parametrize("missing", ["session", "bench", "lab", "role", "golden_key", "store"])
def test_a_stamp_that_is_not_whole_is_none_of_ours(missing: str) -> None:
    document = parse(domain_xml(DOMAIN, "tcg"))
    element = document.find(f"metadata/{{{NAMESPACE}}}stamp")
    assert element is not None
    del element.attrib[missing]
    assert read_stamp(document) is None


def test_a_stamp_with_an_unknown_role_is_none_of_ours() -> None:
    document = parse(domain_xml(DOMAIN, "tcg").replace('role="bench"', 'role="pet"'))
    assert read_stamp(document) is None
    assert read_stamp(parse("<domain><name>foreign</name></domain>")) is None


def test_names_of_bridges_fit_the_kernel_and_differ() -> None:
    names = [bridge_name(f"ep-session-de-juin-poste-{n}-lan") for n in range(200)]
    assert len(set(names)) == 200
    assert max(map(len, names)) <= 15


# --- the XML of a save image


def saved() -> str:
    """What libvirt 11.3 wrote into a save image of ours, recorded."""
    return (GOLDENS / "saved.xml").read_text()


CLONE = dataclasses.replace(
    DOMAIN,
    memory_mib=384,
    vcpus=1,
    nics=(NicSpec("eth0", "ep-jury-2026-poste-1-lan", "52:54:00:50:00:02"),),
)


def test_a_clone_has_its_own_names_and_the_models_devices() -> None:
    root = parse(clone_xml(saved(), CLONE))
    assert root.findtext("name") == CLONE.name
    assert root.findtext("uuid") == CLONE.uuid
    assert root.findtext("os/kernel") == str(CLONE.kernel)
    assert root.findtext("os/initrd") == str(CLONE.initrd)
    assert read_stamp(root) == CLONE.stamp
    assert [e.get("file") for e in root.findall("devices/disk/source")] == [str(CLONE.disk)]
    assert root.find("devices/disk/backingStore") is None
    assert [e.get("network") for e in root.findall("devices/interface/source")] == [CLONE.nics[0].network]
    assert [e.get("address") for e in root.findall("devices/interface/mac")] == [CLONE.nics[0].mac]
    assert {e.get("path") for tag in ("serial", "console") for e in root.findall(f"devices/{tag}/source")} == {
        str(CLONE.serial_log)
    }
    model = parse(saved())
    for path in ("devices/disk/address", "devices/interface/address", "devices/rng/address", "cpu/model", "os/type"):
        assert ET.tostring(root.find(path)) == ET.tostring(model.find(path)), path  # type: ignore[arg-type]


def test_what_belonged_to_the_models_process_is_dropped() -> None:
    text = saved()
    text = text.replace("<mac address", "<target dev='vnet3'/><mac address")
    text = text.replace("<target type='virtio' name", "<source mode='bind' path='/run/x'/><target type='virtio' name")
    text = text.replace("<graphics type='vnc'", "<graphics type='vnc' socket='/run/vnc'")
    text = text.replace(
        "<target dev='vda'", "<backingStore type='file'><format type='qcow2'/></backingStore><target dev='vda'"
    )
    text = text.replace("<uuid>", "<genid>3b1d1a2e-6f0e-4d0c-8f57-0c9a2f6d9b12</genid><uuid>")
    root = parse(clone_xml(text, CLONE))
    assert root.find("devices/interface/target") is None
    assert root.find("devices/channel/source") is None
    assert "socket" not in root.find("devices/graphics").attrib  # type: ignore[union-attr]
    assert root.find("devices/disk/backingStore") is None
    assert root.find("genid") is None


@pytest.mark.parametrize(
    "text",
    [
        "<domain",
        "<network/>",
        "<domain><memory>1</memory></domain>",
        saved().replace('<vcpu placement="static">1<', "<vcpu>2<").replace("<vcpu placement='static'>1<", "<vcpu>2<"),
        saved().replace("52:54:00:50:00:02", "52:54:00:50:00:03"),
        saved().replace("</devices>", "<disk type='file' device='disk'><source file='/etc/shadow'/></disk></devices>"),
        saved().replace(
            "</devices>", "<interface type='user'><mac address='52:54:00:50:00:02'/></interface></devices>"
        ),
    ],
)
def test_a_saved_machine_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(UnfitError):
        clone_xml(text, CLONE)


def test_another_amount_of_memory_is_refused() -> None:
    with pytest.raises(UnfitError, match="memory"):
        clone_xml(saved(), dataclasses.replace(CLONE, memory_mib=512))
