"""Build images from their recipes: ``ensure_image("server", cache=…)``."""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from labs.text import Text
from vagrant.cache import (
    DISK,
    INITRD,
    KERNEL,
    MANIFEST,
    Image,
    Progress,
    default_cache,
    find_image,
    locked,
    private,
    publish,
    require_space,
    stored_images,
    workplace,
)
from vagrant.errors import ImageError
from vagrant.initrd import kernel_version, write_initrd
from vagrant.recipe import IMAGES, Recipe, load_recipe, recipe_names
from vagrant.rootfs import (
    Log,
    debootstrap,
    disk_full,
    inside,
    install,
    installed_packages,
    lay_over,
    require_tools,
)
from vagrant.windows.plan import NAMES, PREFIX
from vagrant.windows.stored import require_windows, windows_images

BUILDER_VERSION = "1"  # raise it when the builder itself changes what an image contains
CMDLINE = "root=/dev/vda rw console=tty0 console=ttyS0 mitigations=off net.ifnames=0 quiet"
_SPACE_GIB = 4.0


@dataclass(frozen=True)
class ImageState:
    """What is known of one recipe: the image that fits it now, if built, and older builds still in the cache."""

    name: str
    summary: str
    key: str
    current: Image | None
    older: tuple[Image, ...]


def image_names() -> list[str]:
    """Every image that a lab may name, built or not: those of recipes and those of Windows."""
    return [*recipe_names(), *NAMES]


def list_images(*, cache: Path | None = None, images: Path = IMAGES) -> list[ImageState]:
    """Every bootable recipe and what the cache has of it."""
    place = cache or default_cache()
    stored = stored_images(place)
    states = []
    for name in recipe_names(images):
        recipe = load_recipe(name, images)
        if recipe.bootable:
            key = recipe.key(BUILDER_VERSION)
            mine = [i for i in stored if i.name == name]
            current = next((i for i in mine if i.key == key), None)
            older = tuple(i for i in mine if i.key != key)
            states.append(ImageState(name, recipe.data.summary, key, current, older))
    return states


def built_image(name: str, *, cache: Path, images: Path = IMAGES) -> Image | None:
    """What ``ensure_image`` gives without building; None when it would build. Raises ImageError: no such recipe."""
    if name.startswith(PREFIX):
        return next((image for image in windows_images(cache) if image.name == name), None)
    return find_image(cache, name, load_recipe(name, images).key(BUILDER_VERSION))


def ensure_image(
    name: str, *, cache: Path | None = None, progress: Progress | None = None, images: Path = IMAGES
) -> Image:
    """The image of a recipe as it is now: from the cache, else built (minutes, root).

    Safe to call from several processes at once: one builds, the others wait for it. One of Windows is never built here:
    it needs discs. Raises ImageError.
    """
    place = cache or default_cache()
    say = progress or (lambda _text: None)
    if name.startswith(PREFIX):
        return require_windows(place, name)
    recipe = load_recipe(name, images)
    if not recipe.bootable:
        raise ImageError(
            Text(
                "« {name} » n’est qu’une base : elle n’a pas de noyau.", "“{name}” is only a base: it has no kernel."
            ).format(name=name),
            where=str(recipe.folder),
            do=Text("Nommez une image qui démarre.", "Name an image that boots."),
        )
    key = recipe.key(BUILDER_VERSION)
    if found := find_image(place, name, key):
        return found
    require_tools()
    require_space(place, _SPACE_GIB)
    try:
        with locked(place, name, say):
            if found := find_image(place, name, key):
                return found
            return _build(recipe, key, place, say)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_full(place) from error
        raise ImageError(
            Text("Impossible d’écrire l’image : {e}.", "The image cannot be written: {e}.").format(e=error),
            where=str(place),
            do=Text("Vérifiez les droits et le disque.", "Check the permissions and the disk."),
        ) from error


def _build(recipe: Recipe, key: str, cache: Path, say: Progress) -> Image:
    began = time.monotonic()
    log = Log(cache / "logs" / f"{recipe.name}.log")
    with workplace(cache, recipe.name) as work:
        root = _tree(recipe, cache, work, log, say)
        say(Text("{name} : disque…", "{name}: disk…").format(name=recipe.name))
        made = work / "image"
        made.mkdir()
        shutil.copyfile(root / "boot" / f"vmlinuz-{kernel_version(root)}", made / KERNEL)
        write_initrd(root, recipe.data.initrd_modules, made / INITRD)
        packages = installed_packages(root)
        _clean(root)
        _disk(root, work / "disk.raw", made / DISK, recipe.data.disk_gib, log)
        manifest = {
            "name": recipe.name,
            "key": key,
            "builder": BUILDER_VERSION,
            "hostname": recipe.data.hostname or recipe.name,
            "cmdline": f"{CMDLINE} {recipe.data.cmdline}".strip(),
            "memory_mib": recipe.data.memory_mib,
            "disk_gib": recipe.data.disk_gib,
            "built_at": time.time(),
            "build_seconds": round(time.monotonic() - began, 1),
            "disk_bytes": (made / DISK).stat().st_size,
            "packages": packages,
        }
        (made / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", "utf-8")
        for part in made.iterdir():
            part.chmod(0o444)
        publish(made, cache / recipe.name / key)
    image = find_image(cache, recipe.name, key)
    if image is None:  # pragma: no cover - the rename just succeeded
        raise ImageError(Text("L’image a disparu du cache.", "The image vanished from the cache."), where=str(cache))
    say(
        Text("{name} : prête en {s:.0f} s.", "{name}: ready in {s:.0f} s.").format(
            name=recipe.name, s=image.build_seconds
        )
    )
    return image


def _tree(recipe: Recipe, cache: Path, work: Path, log: Log, say: Progress) -> Path:
    """The root file system of a recipe, in ``work/root``: the base's (made once, kept), then its own layer."""
    root = work / "root"
    if recipe.base is None:
        say(Text("{name} : système de base…", "{name}: base system…").format(name=recipe.name))
        debootstrap(root, recipe.data.suite, log)
    else:
        kept = _kept_base(recipe.base, cache, say)
        step = Text("La copie de la base", "Copying the base")
        log.run(["cp", "-a", "--reflink=auto", str(kept), str(root)], step=step)
    data = recipe.data
    if data.debconf:
        answers = root / "var/cache/epreuve.debconf"
        answers.write_text("\n".join(data.debconf) + "\n", "utf-8")
        step = Text("debconf", "debconf")
        inside(root, ["debconf-set-selections", "/var/cache/epreuve.debconf"], log, step=step)
        answers.unlink()
    packages = [*data.packages, *([data.kernel] if data.kernel else [])]
    if packages:
        say(Text("{name} : paquets…", "{name}: packages…").format(name=recipe.name))
        install(root, packages, cache / ".debs", log)
    if recipe.files.is_dir():
        lay_over(recipe.files, root)
    if data.hostname:
        (root / "etc/hostname").write_text(data.hostname + "\n", "utf-8")
    say(Text("{name} : réglages…", "{name}: settings…").format(name=recipe.name))
    for verb in ("enable", "disable", "mask"):
        units = getattr(data.services, verb)
        if units:
            step = Text("systemctl {v}", "systemctl {v}").format(v=verb)
            inside(root, ["systemctl", "--quiet", verb, *units], log, step=step)
    for hook in data.hooks:
        step = Text("Le script {h}", "The script {h}").format(h=hook)
        inside(
            root,
            ["sh", "-eu", f"/run/hooks/{hook}"],
            log,
            step=step,
            hooks=recipe.folder / "hooks",
            hostname=data.hostname or "",
        )
    return root


def _kept_base(base: Recipe, cache: Path, say: Progress) -> Path:
    """The tree of a base recipe, built once for all the images on top of it."""
    key = base.key(BUILDER_VERSION)
    place = private(cache / ".rootfs") / f"{base.name}-{key}"
    with locked(cache, base.name, say):
        if not place.is_dir():
            for old in place.parent.glob(f"{base.name}-{'[0-9a-f]' * len(key)}"):  # not those of "{base.name}-desktop"
                shutil.rmtree(old, ignore_errors=True)
            with workplace(cache, base.name) as work:
                log = Log(cache / "logs" / f"{base.name}.log")
                tree = _tree(base, cache, work, log, say)
                os.sync()
                tree.rename(place)
    return place


def _clean(root: Path) -> None:
    """Take out what belongs to the build, not to a machine: identity, logs, package lists, the kernel's files."""
    for pattern in (
        "usr/sbin/policy-rc.d",
        "boot/*",
        "initrd.img*",
        "vmlinuz*",
        "etc/ssh/ssh_host_*",
        "var/lib/apt/lists/*",
        "var/cache/apt/*.bin",
        "var/cache/debconf/*-old",
        "var/lib/dpkg/*-old",
        "var/log/*.log",
        "var/log/apt/*",
        "var/lib/systemd/random-seed",
    ):
        for path in root.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    (root / "etc/machine-id").write_text("")
    (root / "var/lib/dbus/machine-id").unlink(missing_ok=True)
    # systemd.unit(5), ConditionNeedsUpdate: newer than /usr, so that the first boot updates nothing.
    soon = int(time.time()) + 2
    for stamp in (root / "etc/.updated", root / "var/.updated"):
        stamp.touch()
        os.utime(stamp, (soon, soon))


def _disk(root: Path, raw: Path, disk: Path, gib: int, log: Log) -> None:
    """A qcow2 disk that holds one ext4 file system with the tree (extended attributes and ACLs kept)."""
    with raw.open("wb") as handle:
        handle.truncate(gib * 2**30)
    step = Text("mkfs.ext4", "mkfs.ext4")
    options = ["-q", "-F", "-L", "racine", "-m", "1", "-J", "size=16"]
    # Tables written now: otherwise the kernel writes them at the first boot, in the background.
    options += ["-E", "lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0", "-d", str(root)]
    log.run(["mkfs.ext4", *options, str(raw)], step=step)
    step = Text("qemu-img", "qemu-img")
    log.run(["qemu-img", "convert", "-f", "raw", "-O", "qcow2", str(raw), str(disk)], step=step)
    raw.unlink()
