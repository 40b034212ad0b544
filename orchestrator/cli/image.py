"""``epreuve image``: build the base disks, and see which are built."""

from __future__ import annotations

import click

from labs.text import tr
from orchestrator.cli.common import Steps, json_option, print_json, print_table
from orchestrator.cli.image_prune import prune
from orchestrator.cli.image_windows import windows
from orchestrator.settings import load_settings
from vagrant.box import ensure_box
from vagrant.build import ensure_image, list_images
from vagrant.windows.stored import windows_images


@click.group("image", help=tr("Les images de base des machines.", "The machines' base images."))
def command() -> None:
    """Images."""


command.add_command(windows)
command.add_command(prune)


@command.command(
    "build",
    help=tr(
        "Construit les images nommées, ou toutes. Ce qui est en cache n'est pas refait.",
        "Build the images named, or all. What is cached is not made again.",
    ),
)
@click.argument("names", nargs=-1)
@json_option
def build(names: tuple[str, ...], as_json: bool) -> None:
    """Build images."""
    settings = load_settings()
    steps = Steps()
    built = []
    for name in names or tuple(state.name for state in list_images(cache=settings.images_dir)):
        with steps.step(name) as busy:
            built.append(ensure_image(name, cache=settings.images_dir, progress=busy))
    if as_json:
        print_json([{"name": image.name, "key": image.key, "disk": str(image.disk)} for image in built])


@command.command(
    "box",
    help=tr(
        "Fait les boîtes Vagrant des images nommées, ou de toutes : pour un formateur, sur son ordinateur "
        "(docs/vagrant.md).",
        "Make the Vagrant boxes of the images named, or of all: for trainers, on their own computer (docs/vagrant.md).",
    ),
)
@click.argument("names", nargs=-1)
@json_option
def box(names: tuple[str, ...], as_json: bool) -> None:
    """Make boxes."""
    settings = load_settings()
    steps = Steps()
    boxes = []
    for name in names or tuple(state.name for state in list_images(cache=settings.images_dir)):
        with steps.step(name) as busy:
            image = ensure_image(name, cache=settings.images_dir, progress=busy)
            boxes.append(ensure_box(image, settings.boxes_dir, busy))
    if as_json:
        print_json([{"name": made.name, "file": str(made.file), "image": made.image.key} for made in boxes])


@command.command("list", help=tr("Les images et ce que le cache en a.", "The images, and what the cache has of them."))
@json_option
def list_(as_json: bool) -> None:
    """List images."""
    settings = load_settings()
    states, of_windows = list_images(cache=settings.images_dir), windows_images(settings.images_dir)
    if as_json:
        print_json(
            [
                {
                    "name": state.name,
                    "summary": str(state.summary),
                    "key": state.key,
                    "built": state.current is not None,
                    "disk": str(state.current.disk) if state.current else None,
                    "older": len(state.older),
                }
                for state in states
            ]
            + [
                {
                    "name": image.name,
                    "summary": image.packages.get("Windows", ""),
                    "key": image.key,
                    "built": True,
                    "disk": str(image.disk),
                    "older": 0,
                    "evaluation_ends_at": image.evaluation.ends_at if image.evaluation else None,
                }
                for image in of_windows
            ]
        )
        return
    print_table(
        ["image", tr("contenu", "contents"), tr("clé", "key"), tr("construite", "built"), tr("anciennes", "older")],
        [
            (s.name, s.summary, s.key[:12], tr("oui", "yes") if s.current else tr("non", "no"), len(s.older))
            for s in states
        ]
        + [
            (
                image.name,
                f"{image.packages.get('Windows', '')}{f' ; {image.evaluation.told()}' if image.evaluation else ''}",
                image.key[:12],
                tr("oui", "yes"),
                0,
            )
            for image in of_windows
        ],
    )
