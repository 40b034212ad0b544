"""Images: recipes are checked, keys are content addresses, a half-made image is never seen, the device's rules hold."""

from __future__ import annotations

import configparser
import errno
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from labs.text import Text
from tests.awaiting import await_
from vagrant import build, cache, initrd, rootfs
from vagrant.errors import ImageError
from vagrant.recipe import IMAGES, Recipe, load_recipe, recipe_names


def running(process: Path) -> bool:
    try:
        return "\nState:\tZ" not in (process / "status").read_text()
    except OSError:
        return False


RECIPE = """\
summary: A small image
packages: [nano]
services:
  enable: [ssh.service]
hooks: [set.sh]
kernel: linux-image-cloud-amd64
"""


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EPREUVE_LANG", "en")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    folder = tmp_path / "images" / "small"
    (folder / "hooks").mkdir(parents=True)
    (folder / "files" / "etc").mkdir(parents=True)
    (folder / "recipe.yml").write_text(RECIPE)
    (folder / "hooks" / "set.sh").write_text("true\n")
    (folder / "files" / "etc" / "motd").write_text("hello\n")
    return folder.parent


def write_recipe(images: Path, text: str) -> None:
    (images / "small" / "recipe.yml").write_text(text)


class TestRecipe:
    @pytest.mark.parametrize("name", recipe_names())
    def test_shipped_recipes_are_sound(self, name: str) -> None:
        recipe = load_recipe(name)
        assert recipe.data.summary
        assert list(recipe.sources())

    def test_the_three_machines_of_the_product_boot(self) -> None:
        assert {n for n in recipe_names() if load_recipe(n).bootable} >= {"server", "client-desktop", "ap"}

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("summary: x\npakages: [nano]\n", "pakages"),
            ("packages: [nano]\n", "summary"),
            ("summary: x\npackages: nano\n", "packages"),
            ("summary: x\npackages: ['Nano!']\n", "packages.0"),
            ("summary: x\nservices: {enable: [ssh]}\n", "services.enable.0"),
            ("summary: x\nservices: {enable: [a.service], mask: [a.service]}\n", "a.service"),
            ("summary: x\ndisk_gib: 0\n", "disk_gib"),
            ("summary: [x\n", "YAML"),
            ("- a\n", "recipe"),
            ("", "recipe"),
            ("summary: x\nhooks: [gone.sh]\n", "gone.sh"),
            ("summary: x\nhooks: [../escape.sh]\n", "hooks.0"),
            ("summary: x\nbased_on: nothing\n", "nothing"),
            ("summary: x\nbased_on: small\n", "itself"),
        ],
    )
    def test_a_wrong_recipe_says_what_and_where(self, images: Path, text: str, said: str) -> None:
        write_recipe(images, text)
        with pytest.raises(ImageError) as caught:
            load_recipe("small", images)
        error = caught.value
        assert said in error.what.en
        assert error.what.fr
        assert str(images) in error.where
        assert error.do is not None

    def test_every_fault_is_said_at_once(self, images: Path) -> None:
        write_recipe(images, "summary: x\npakages: []\ndisk_gib: 0\nmemory_mib: many\n")
        with pytest.raises(ImageError) as caught:
            load_recipe("small", images)
        assert all(word in caught.value.what.en for word in ("pakages", "disk_gib", "memory_mib"))

    def test_an_unknown_image_lists_the_known_ones(self, images: Path) -> None:
        with pytest.raises(ImageError) as caught:
            load_recipe("smal", images)
        assert caught.value.do is not None
        assert "small" in caught.value.do.en


class TestKey:
    def key(self, images: Path, version: str = "1") -> str:
        return load_recipe("small", images).key(version)

    def test_the_same_content_has_the_same_key_wherever_it_is(self, images: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        shutil.copytree(images, elsewhere)
        (elsewhere / "small" / "hooks" / "set.sh").chmod(0o755)
        assert self.key(images) == self.key(elsewhere)

    @pytest.mark.parametrize("file", ["recipe.yml", "hooks/set.sh", "files/etc/motd"])
    def test_any_changed_file_changes_the_key(self, images: Path, file: str) -> None:
        before = self.key(images)
        path = images / "small" / file
        path.write_text(path.read_text() + "# more\n")
        assert self.key(images) != before

    def test_a_new_moved_or_linked_file_changes_the_key(self, images: Path) -> None:
        keys = {self.key(images)}
        etc = images / "small" / "files" / "etc"
        (etc / "issue").write_text("")
        keys.add(self.key(images))
        (etc / "issue").rename(etc / "issue.net")
        keys.add(self.key(images))
        (etc / "link").symlink_to("issue.net")
        keys.add(self.key(images))
        assert len(keys) == 4

    def test_the_builder_and_the_base_count(self, images: Path) -> None:
        assert self.key(images, "1") != self.key(images, "2")
        base = images / "ground"
        (base / "files").mkdir(parents=True)
        (base / "recipe.yml").write_text("summary: ground\n")
        write_recipe(images, RECIPE + "based_on: ground\n")
        before = self.key(images)
        (base / "files" / "motd").write_text("x")
        assert self.key(images) != before

    def test_compiled_python_left_in_an_overlay_does_not_count(self, images: Path) -> None:
        before = self.key(images)
        left = images / "small" / "files" / "__pycache__"
        left.mkdir()
        (left / "a.pyc").write_bytes(b"x")
        assert self.key(images) == before


def make_image(place: Path, key: str = "k1", **changes: Any) -> Path:
    folder = place / "small" / key
    folder.mkdir(parents=True)
    manifest = {
        "cmdline": "quiet", "hostname": "small", "memory_mib": 512, "disk_gib": 1,
        "built_at": 1.0, "build_seconds": 2.0, "packages": {"nano": "8"}, **changes,
    }  # fmt: skip
    for part in cache.PARTS:
        (folder / part).write_text(json.dumps(manifest) if part == cache.MANIFEST else "x")
    return folder


class TestCache:
    def test_a_whole_image_is_found(self, tmp_path: Path) -> None:
        make_image(tmp_path)
        image = cache.find_image(tmp_path, "small", "k1")
        assert image is not None
        assert (image.name, image.key, image.packages) == ("small", "k1", {"nano": "8"})
        assert cache.stored_images(tmp_path) == [image]

    @pytest.mark.parametrize("part", cache.PARTS)
    def test_an_image_with_a_part_missing_is_not_there(self, tmp_path: Path, part: str) -> None:
        (make_image(tmp_path) / part).unlink()
        assert cache.find_image(tmp_path, "small", "k1") is None

    def test_a_damaged_manifest_is_not_an_image(self, tmp_path: Path) -> None:
        folder = make_image(tmp_path)
        (folder / cache.MANIFEST).write_text('{"cmdline"')
        assert cache.find_image(tmp_path, "small", "k1") is None

    def test_what_an_interrupted_build_left_is_removed_by_the_next(self, tmp_path: Path) -> None:
        left = tmp_path / ".work" / "small" / "root"
        left.mkdir(parents=True)
        with cache.workplace(tmp_path, "small") as work:
            assert list(work.iterdir()) == []
            assert cache.stored_images(tmp_path) == []
        assert not work.exists()

    def test_publishing_over_a_damaged_image_replaces_it(self, tmp_path: Path) -> None:
        (make_image(tmp_path) / cache.DISK).unlink()
        made = make_image(tmp_path / "made")
        cache.publish(made, tmp_path / "small" / "k1")
        assert cache.find_image(tmp_path, "small", "k1") is not None

    def test_too_little_room_is_said_before_building(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _p: shutil._ntuple_diskusage(10**10, 10**10, 10**8))
        with pytest.raises(ImageError) as caught:
            cache.require_space(tmp_path, 4)
        assert "0.1" in caught.value.what.en
        assert str(tmp_path) in caught.value.where

    def test_the_cache_directory_is_a_setting(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EPREUVE_CACHE", str(tmp_path))
        assert cache.default_cache() == tmp_path / "images"


class TestEnsure:
    @pytest.fixture(autouse=True)
    def _a_machine_that_can_build(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(build, "require_tools", lambda: None)

    def test_a_cached_image_needs_neither_root_nor_tools(self, images: Path, tmp_path: Path) -> None:
        key = load_recipe("small", images).key(build.BUILDER_VERSION)
        make_image(tmp_path, key)
        assert build.ensure_image("small", cache=tmp_path, images=images).key == key

    def test_a_base_is_no_image(self, images: Path, tmp_path: Path) -> None:
        write_recipe(images, "summary: x\n")
        with pytest.raises(ImageError, match="only a base"):
            build.ensure_image("small", cache=tmp_path, images=images)

    def test_listing_tells_the_current_image_from_older_ones(self, images: Path, tmp_path: Path) -> None:
        key = load_recipe("small", images).key(build.BUILDER_VERSION)
        make_image(tmp_path, "old")
        (state,) = build.list_images(cache=tmp_path, images=images)
        assert state.current is None
        make_image(tmp_path, key)
        (state,) = build.list_images(cache=tmp_path, images=images)
        assert state.current is not None
        assert [i.key for i in state.older] == ["old"]

    def test_a_full_disk_is_said_as_such(self, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_a: object) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(build, "_build", full)
        with pytest.raises(ImageError, match="disk is full"):
            build.ensure_image("small", cache=tmp_path, images=images)

    def test_the_second_of_two_builders_takes_what_the_first_made(
        self, images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[str] = []

        def slow(recipe: Recipe, key: str, place: Path, _say: cache.Progress) -> cache.Image:
            made.append(key)
            make_image(place, key)
            found = cache.find_image(place, recipe.name, key)
            assert found is not None
            return found

        monkeypatch.setattr(build, "_build", slow)
        first = build.ensure_image("small", cache=tmp_path, images=images)
        # The lock is taken, then the cache is looked at again: a waiter does not build what it waited for.
        looks = iter([None, first])
        monkeypatch.setattr(build, "find_image", lambda *_a: next(looks))
        assert build.ensure_image("small", cache=tmp_path, images=images) == first
        assert len(made) == 1


class TestTools:
    def test_missing_programs_are_named_with_the_command_that_installs_them(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda tool, path=None: None if tool == "mmdebstrap" else "/bin/true")
        with pytest.raises(ImageError) as caught:
            rootfs.require_tools()
        assert caught.value.do is not None
        assert "apt install mmdebstrap" in caught.value.do.en

    def test_a_failed_step_quotes_the_end_of_its_log(self, tmp_path: Path) -> None:
        log = rootfs.Log(tmp_path / "logs" / "x.log")
        with pytest.raises(ImageError) as caught:
            log.run(["sh", "-c", "echo Unable to locate package nan0; exit 100"], step=Text("L’étape", "The step"))
        assert "Unable to locate package nan0" in caught.value.what.fr
        assert "100" in caught.value.what.en
        assert caught.value.where == str(log.path)
        assert log.path.exists()

    def test_braces_in_a_log_are_quoted_as_they_are(self, tmp_path: Path) -> None:
        log = rootfs.Log(tmp_path / "x.log")
        with pytest.raises(ImageError, match=r"\{print \$1\}"):
            log.run(["sh", "-c", "echo '{print $1}'; false"], step=Text("L’étape", "The step"))

    def test_a_disk_that_fills_during_a_step_is_said_as_such(self, tmp_path: Path) -> None:
        log = rootfs.Log(tmp_path / "x.log")
        with pytest.raises(ImageError, match="disk is full"):
            log.run(["sh", "-c", "echo write: No space left on device; false"], step=Text("L’étape", "The step"))

    def test_the_commands_of_a_killed_build_die_with_it(self, tmp_path: Path) -> None:
        mark = tmp_path / "pid"
        code = (
            "from pathlib import Path; from labs.text import Text; from vagrant.rootfs import Log\n"
            f"Log(Path({str(tmp_path / 'x.log')!r})).run("
            f"['sh', '-c', 'echo $$ > {mark}.new; mv {mark}.new {mark}; exec sleep 6000'], step=Text('a', 'a'))"
        )
        with subprocess.Popen([sys.executable, "-c", code], cwd=Path(build.__file__).parents[1]) as builder:
            await_(mark.exists, "its command")
            builder.kill()
        child = Path("/proc") / mark.read_text().strip()
        await_(lambda: not running(child), "the end of its command")

    def test_an_overlay_takes_its_modes_from_its_content(self, tmp_path: Path) -> None:
        files, root = tmp_path / "files", tmp_path / "root"
        (files / "usr").mkdir(parents=True)
        root.mkdir()
        (files / "usr" / "tool").write_text("#!/bin/sh\n")
        (files / "usr" / "data").write_text("x")
        (files / "usr" / "data").chmod(0o777)
        rootfs.lay_over(files, root)
        assert (root / "usr/tool").stat().st_mode & 0o777 == 0o755
        assert (root / "usr/data").stat().st_mode & 0o777 == 0o644

    def test_installed_packages_come_from_the_dpkg_database(self, tmp_path: Path) -> None:
        (tmp_path / "var/lib/dpkg").mkdir(parents=True)
        (tmp_path / "var/lib/dpkg/status").write_text(
            "Package: nano\nStatus: install ok installed\nVersion: 8.4-1\nDescription: x\n Version: no\n\n"
            "Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n"
        )
        assert rootfs.installed_packages(tmp_path) == {"nano": "8.4-1"}


class TestInitrd:
    def test_the_archive_is_one_cpio_reads(self, tmp_path: Path) -> None:
        data = initrd.cpio([("bin", 0o040755, b""), ("bin/odd", 0o100755, b"abc"), ("init", 0o100755, b"12345678")])
        assert len(data) % 4 == 0
        reader = ["cpio"] if shutil.which("cpio") else ["busybox", "cpio"]
        if shutil.which(reader[0]) is None:
            pytest.skip("neither cpio nor busybox is installed")
        subprocess.run([*reader, "-i", "-d"], input=data, cwd=tmp_path, check=True, capture_output=True)
        assert (tmp_path / "bin/odd").read_bytes() == b"abc"
        assert (tmp_path / "init").stat().st_mode & 0o777 == 0o755

    def test_a_module_the_kernel_lacks_is_named(self, tmp_path: Path) -> None:
        kernel = tmp_path / "usr/lib/modules/6.12.1/kernel"
        kernel.mkdir(parents=True)
        (kernel.parent / "modules.builtin").write_text("kernel/fs/ext4/ext4.ko\n")
        (tmp_path / "usr/bin").mkdir()
        (tmp_path / "usr/bin/busybox").write_bytes(b"ELF")
        initrd.write_initrd(tmp_path, ("ext4",), tmp_path / "out")
        assert b"ext4.ko" not in (tmp_path / "out").read_bytes()
        with pytest.raises(ImageError, match="virtio_blk"):
            initrd.write_initrd(tmp_path, ("virtio_blk",), tmp_path / "out")


class TestNoSecrets:
    """Nothing that a candidate must not see, and no password, is put into an image."""

    def sources(self) -> Iterator[tuple[Path, str]]:
        for name in recipe_names():
            for _, path in load_recipe(name).sources():
                yield path, path.read_text("utf-8")

    def test_no_password_is_set_by_a_recipe(self) -> None:
        for path, text in self.sources():
            assert "chpasswd" not in text.replace("(chpasswd)", ""), path
            assert "--adminpass" not in text, path

    def test_no_mirror_is_named(self) -> None:
        for path, text in self.sources():
            assert "http://" not in text, path


class TestDesktop:
    """The workstation's desktop: whose session opens, and that what its menus offer is there."""

    ETC = IMAGES / "client-desktop/files/etc"

    def offered(self, name: str) -> list[list[str]]:
        """The command of each line of a menu: ``prog "Title" icon command…``."""
        lines = (self.ETC / "X11/icewm" / name).read_text("utf-8").splitlines()
        return [words[3:] for words in map(shlex.split, lines) if words[0] == "prog"]

    def test_the_session_that_opens_is_of_the_account_that_the_base_makes(self) -> None:
        display = configparser.ConfigParser()
        display.read(self.ETC / "lightdm/lightdm.conf.d/50-epreuve.conf")
        user = display["Seat:*"]["autologin-user"]
        assert f"--groups sudo,adm {user}\n" in (IMAGES / "base/hooks/base.sh").read_text("utf-8")

    @pytest.mark.parametrize("menu", ["menu", "toolbar"])
    def test_every_program_offered_is_installed(self, menu: str) -> None:
        recipe = load_recipe("client-desktop")
        alternatives = {"x-terminal-emulator": "lxterminal", "x-www-browser": "netsurf-gtk"}
        programs = {alternatives.get(command[0], command[0]) for command in self.offered(menu)}
        assert {"lxterminal", "netsurf-gtk"} <= programs <= set(recipe.data.packages)

    def test_what_takes_an_administrator_asks_for_it(self) -> None:
        commands = [" ".join(command) for command in self.offered("menu")]
        for action in ("-i", "systemctl reboot", "systemctl poweroff"):
            assert any(command.endswith(f"-e sudo {action}") for command in commands)


# ---- the access point's own program --------------------------------------------------------------------------

NETBOX = IMAGES / "ap/files/usr/lib/netbox"
FACTORY_PASSWORD = "admin"


@pytest.fixture(scope="module")
def netbox() -> Iterator[dict[str, ModuleType]]:
    """The device's modules, imported from the overlay without leaving compiled files there."""
    import importlib

    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(NETBOX))
    try:
        yield {
            name: importlib.import_module(f"netbox.{name}") for name in ("settings", "hostapd", "store", "cli", "web")
        }
    finally:
        sys.path.remove(str(NETBOX))
        sys.dont_write_bytecode = before
        for name in [n for n in sys.modules if n == "netbox" or n.startswith("netbox.")]:
            del sys.modules[name]


class TestDeviceSettings:
    def test_the_factory_settings_are_sound(self, netbox: dict[str, ModuleType]) -> None:
        assert netbox["settings"].faults(netbox["settings"].factory()) == []

    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("wifi.ssid", "é" * 16, "é" * 16),
            ("wifi.band", "5 GHz", "5"),
            ("wifi.band", "2,4", "2.4"),
            ("wifi.channel", "13", 13),
            ("wifi.security", "WPA3", "wpa3"),
            ("wifi.key", "12345678", "12345678"),
            ("wifi.key", 'a"b\\c d#é'[:8] + "zz", 'a"b\\c d#zz'),
            ("wifi.hidden", "OUI", True),
            ("wifi.isolation", "non", False),
            ("lan.prefix", "255.255.255.0", 24),
            ("lan.prefix", "/16", 16),
            ("lan.gateway", "-", ""),
            ("system.hostname", "AP-Atelier", "AP-Atelier"),
        ],
    )
    def test_good_values_are_understood(
        self, netbox: dict[str, ModuleType], name: str, text: str, value: object
    ) -> None:
        changed, _ = netbox["settings"].change(netbox["settings"].factory(), name, text)
        assert changed[name] == value

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("wifi.ssid", "", "1 à 32 octets"),
            ("wifi.ssid", "é" * 17, "en fait 34"),
            ("wifi.ssid", "a\nb", "caractère de commande"),
            ("wifi.band", "6", "bande"),
            ("wifi.channel", "14", "canal"),
            ("wifi.channel", "-1", "canal"),
            ("wifi.channel", "52", "canal"),
            ("wifi.security", "wep", "sécurité"),
            ("wifi.key", "1234567", "8 à 63"),
            ("wifi.key", "x" * 64, "8 à 63"),
            ("wifi.key", "clé-secrète", "ASCII"),
            ("wifi.key", "abcdefgh\nwpa=0", "ASCII"),
            ("wifi.hidden", "peut-être", "oui ou non"),
            ("lan.address", "192.168.1", "IPv4"),
            ("lan.address", "127.0.0.1", "ne peut pas"),
            ("lan.prefix", "255.0.255.0", "masque"),
            ("lan.prefix", "31", "8 à 30"),
            ("system.hostname", "-ap", "tiret"),
            ("wifi.colour", "x", "inconnu"),
            ("admin.password_hash", "x", "inconnu"),
        ],
    )
    def test_bad_values_are_refused_in_french(
        self, netbox: dict[str, ModuleType], name: str, text: str, said: str
    ) -> None:
        with pytest.raises(netbox["settings"].SettingError, match=said):
            netbox["settings"].change(netbox["settings"].factory(), name, text)

    def test_changing_the_band_moves_to_a_channel_that_exists_there(self, netbox: dict[str, ModuleType]) -> None:
        changed, remarks = netbox["settings"].change(netbox["settings"].factory(), "wifi.band", "5")
        assert changed["wifi.channel"] == 36
        assert remarks
        assert netbox["settings"].faults(changed) == []

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"wifi.channel": 36}, "n’existe pas dans la bande"),
            ({"lan.address": "192.168.1.255"}, "diffusion"),
            ({"lan.gateway": "10.0.0.1"}, "passerelle"),
            ({"lan.gateway": "192.168.1.1"}, "passerelle"),
            ({"wifi.key": "x"}, "8 à 63"),
        ],
    )
    def test_values_that_do_not_fit_together_are_faults(
        self, netbox: dict[str, ModuleType], changes: dict[str, object], said: str
    ) -> None:
        (fault,) = netbox["settings"].faults({**netbox["settings"].factory(), **changes})
        assert said in fault

    def test_a_missing_setting_is_a_fault(self, netbox: dict[str, ModuleType]) -> None:
        config = netbox["settings"].factory()
        del config["wifi.ssid"]
        assert netbox["settings"].faults(config) == ["wifi.ssid : réglage absent"]


class TestHostapd:
    def lines(self, netbox: dict[str, ModuleType], **changes: object) -> set[str]:
        config = {**netbox["settings"].factory(), **{k.replace("_", "."): v for k, v in changes.items()}}
        return set(netbox["hostapd"].render(config).splitlines())

    def test_the_factory_device(self, netbox: dict[str, ModuleType]) -> None:
        assert netbox["hostapd"].render(netbox["settings"].factory()) == (
            "interface=wlan0\nbridge=br-lan\ndriver=nl80211\nctrl_interface=/run/hostapd\n"
            f"ssid2={b'NETBOX-5A3F'.hex()}\nutf8_ssid=1\ncountry_code=FR\nieee80211d=1\nhw_mode=g\nchannel=6\n"
            "ieee80211n=1\nwmm_enabled=1\nauth_algs=1\nignore_broadcast_ssid=0\nap_isolate=0\n"
            "wpa=2\nrsn_pairwise=CCMP\nwpa_key_mgmt=WPA-PSK\nwpa_passphrase=5a3f-kd7m-w2xq\n"
        )

    def test_wpa3_demands_protected_frames_and_no_psk(self, netbox: dict[str, ModuleType]) -> None:
        lines = self.lines(netbox, wifi_security="wpa3")
        assert {"wpa_key_mgmt=SAE", "ieee80211w=2", "sae_password=5a3f-kd7m-w2xq"} <= lines
        assert not any(line.startswith("wpa_passphrase") for line in lines)

    def test_transition_offers_both_with_optional_protection(self, netbox: dict[str, ModuleType]) -> None:
        assert {"wpa_key_mgmt=WPA-PSK SAE", "ieee80211w=1"} <= self.lines(netbox, wifi_security="wpa2-wpa3")

    def test_an_open_network_has_no_key(self, netbox: dict[str, ModuleType]) -> None:
        lines = self.lines(netbox, wifi_security="open")
        assert not any(line.startswith(("wpa", "sae")) for line in lines)

    def test_five_gigahertz_hidden_and_isolated(self, netbox: dict[str, ModuleType]) -> None:
        lines = self.lines(netbox, wifi_band="5", wifi_channel=40, wifi_hidden=True, wifi_isolation=True)
        assert {"hw_mode=a", "channel=40", "ieee80211ac=1", "ignore_broadcast_ssid=1", "ap_isolate=1"} <= lines

    def test_a_hostile_ssid_cannot_add_a_line(self, netbox: dict[str, ModuleType]) -> None:
        ssid = 'x"; ap_isolate=1 #é'
        assert f"ssid2={ssid.encode().hex()}" in self.lines(netbox, wifi_ssid=ssid)


class TestDeviceStore:
    def test_a_configuration_is_kept_and_grouped(self, netbox: dict[str, ModuleType], tmp_path: Path) -> None:
        store = netbox["store"].Store(tmp_path)
        config = {**store.read(), "wifi.ssid": "Kerbras", "wifi.hidden": True}
        store.write(config)
        assert store.read() == config
        assert json.loads(store.file.read_text())["wifi"]["ssid"] == "Kerbras"
        assert [p.name for p in tmp_path.iterdir()] == ["config.json"]

    @pytest.mark.parametrize("damaged", ["", "[]", '{"wifi": 3}', '{"wifi": '])
    def test_a_damaged_file_gives_a_device_with_factory_settings(
        self, netbox: dict[str, ModuleType], tmp_path: Path, damaged: str
    ) -> None:
        (tmp_path / "config.json").write_text(damaged)
        config = netbox["store"].Store(tmp_path).read()
        assert config["wifi.ssid"] == "NETBOX-5A3F"
        assert netbox["store"].is_password(config, "admin")

    def test_the_password_is_salted_hashed_and_changeable(self, netbox: dict[str, ModuleType], tmp_path: Path) -> None:
        store = netbox["store"]
        config = store.Store(tmp_path).read()
        assert "admin" not in config["admin.password_hash"]
        assert store.hash_password("same") != store.hash_password("same")
        changed = store.new_password(config, "Très-Long-2026")
        assert store.is_password(changed, "Très-Long-2026")
        assert not store.is_password(changed, "admin")
        assert not store.is_password({}, "")
        with pytest.raises(netbox["settings"].SettingError, match="8 à 64"):
            store.new_password(config, "court")


class TestDeviceShell:
    @pytest.fixture
    def shell(
        self, netbox: dict[str, ModuleType], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[ModuleType, Any]:
        store = netbox["store"].Store(tmp_path)
        monkeypatch.setattr(netbox["cli"], "Store", lambda: store)
        return netbox["cli"], store

    def test_set_stores_and_show_hides_the_key(
        self, shell: tuple[ModuleType, Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        cli, store = shell
        assert cli.main(["-c", 'set wifi.ssid "Kerbras Atelier"']) == 0
        assert store.read()["wifi.ssid"] == "Kerbras Atelier"
        assert cli.main(["show"]) == 0
        assert "wifi.key = ********" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "line",
        ["sh", "!sh", "show; sh", "/bin/sh", "set wifi.ssid", "/usr/lib/openssh/sftp-server", "exit now", "'", "$(id)"],
    )
    def test_nothing_else_is_a_command(
        self, shell: tuple[ModuleType, Any], line: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cli, _ = shell

        def forbidden(*_a: object, **_k: object) -> None:
            raise AssertionError("a program was started")

        monkeypatch.setattr(cli.subprocess, "run", forbidden)
        assert cli.main(["-c", line]) == 1

    def test_a_wrong_configuration_is_not_applied(
        self, shell: tuple[ModuleType, Any], capsys: pytest.CaptureFixture[str]
    ) -> None:
        cli, store = shell
        store.write({**store.read(), "lan.gateway": "10.9.9.9"})
        assert cli.main(["apply"]) == 1
        assert "passerelle" in capsys.readouterr().err


class TestDevicePage:
    @pytest.fixture
    def page(self, netbox: dict[str, ModuleType], tmp_path: Path) -> tuple[Any, Any, list[str]]:
        """A browser signed in to the device, its store, and what was applied."""
        store = netbox["store"].Store(tmp_path)
        applied: list[str] = []

        def apply() -> str:
            applied.append(store.read()["wifi.ssid"])
            return ""

        browser = netbox["web"].create_app(store, apply).test_client()
        return browser, store, applied

    def token(self, browser: Any) -> str:
        browser.get("/login")
        with browser.session_transaction() as session:
            return str(session["csrf"])

    def sign_in(self, browser: Any, password: str = FACTORY_PASSWORD) -> int:
        form = {"user": "admin", "password": password, "csrf": self.token(browser)}
        return int(browser.post("/login", data=form).status_code)

    def form(self, browser: Any, **changes: str) -> dict[str, str]:
        with browser.session_transaction() as session:
            form = {"csrf": session["csrf"], "wifi.ssid": "Kerbras", "wifi.band": "5", "wifi.channel": "40"}
        return {**form, "wifi.security": "wpa3", "wifi.key": "", "wifi.enabled": "oui", **changes}

    def test_nothing_is_shown_before_signing_in(self, page: tuple[Any, Any, list[str]]) -> None:
        browser, _, _ = page
        for path in ("/", "/wifi", "/reseau", "/administration"):
            assert browser.get(path).headers["Location"] == "/login"
        assert self.sign_in(browser, "wrong") == 401
        assert browser.get("/wifi").status_code == 302

    def test_the_wifi_form_stores_and_applies(self, page: tuple[Any, Any, list[str]]) -> None:
        browser, store, applied = page
        assert self.sign_in(browser) == 302
        assert "NETBOX-5A3F" in browser.get("/wifi").text
        assert browser.post("/wifi", data=self.form(browser)).status_code == 302
        config = store.read()
        assert (config["wifi.ssid"], config["wifi.channel"], config["wifi.security"]) == ("Kerbras", 40, "wpa3")
        assert config["wifi.key"] == "5a3f-kd7m-w2xq"  # an empty field keeps it
        assert applied == ["Kerbras"]

    def test_a_wrong_form_changes_nothing_and_says_why(self, page: tuple[Any, Any, list[str]]) -> None:
        browser, store, applied = page
        self.sign_in(browser)
        before = store.read()
        answer = browser.post("/wifi", data=self.form(browser, **{"wifi.key": "court", "wifi.channel": "99"}))
        assert "8 à 63" in answer.text
        assert "canal" in answer.text
        assert store.read() == before
        assert applied == []

    def test_a_form_from_elsewhere_is_refused(self, page: tuple[Any, Any, list[str]]) -> None:
        browser, store, _ = page
        self.sign_in(browser)
        assert browser.post("/wifi", data=self.form(browser, csrf="guess")).status_code == 400
        assert store.read()["wifi.ssid"] == "NETBOX-5A3F"

    def test_changing_the_password_closes_the_other_sessions(self, page: tuple[Any, Any, list[str]]) -> None:
        browser, store, _ = page
        other = browser.application.test_client()
        self.sign_in(browser)
        self.sign_in(other)
        with browser.session_transaction() as session:
            csrf = session["csrf"]
        form = {"csrf": csrf, "action": "password", "current": "admin", "new": "Nouveau-2026", "again": "Nouveau-2026"}
        browser.post("/administration", data=form)
        assert browser.get("/wifi").status_code == 200
        assert other.get("/wifi").status_code == 302
        assert self.sign_in(other) == 401
        assert self.sign_in(other, "Nouveau-2026") == 302
        assert store.read()["wifi.ssid"] == "NETBOX-5A3F"

    def test_an_ssid_is_text_on_the_page(self, page: tuple[Any, Any, list[str]]) -> None:
        browser, store, _ = page
        self.sign_in(browser)
        store.write({**store.read(), "wifi.ssid": "<script>alert(1)</script>"})
        assert "<script>alert" not in browser.get("/wifi").text
