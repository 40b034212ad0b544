"""Settings: environment over file over default, and every wrong value named."""

from __future__ import annotations

from pathlib import Path

import pytest

from labs.errors import UsageError
from orchestrator.settings import Settings, load_settings


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings = load_settings({"EPREUVE_CONFIG": str(tmp_path / "none.toml")})
    assert settings.libvirt_uri is None
    assert settings.accelerator == "auto"
    assert settings.data_dir.is_absolute()
    assert settings.goldens_dir.parent == settings.benches_dir.parent == settings.images_dir.parent == settings.data_dir


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "epreuve.toml"
    file.write_text('data_dir = "/srv/a"\naccelerator = "kvm"\nlibvirt_uri = "qemu+ssh://host/system"\n')
    environ = {"EPREUVE_CONFIG": str(file), "EPREUVE_DATA": "/srv/b", "EPREUVE_ACCELERATOR": ""}
    expected = Settings(data_dir=Path("/srv/b"), accelerator="kvm", libvirt_uri="qemu+ssh://host/system")
    assert load_settings(environ) == expected


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("accelerator = 'xen'", "accelerator"),
        ("colour = 'blue'", "colour"),
        ("data_dir = 5", "data_dir"),
        ("data_dir = ", "epreuve.toml"),
        ("é".encode("latin-1"), "epreuve.toml"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str | bytes, named: str) -> None:
    file = tmp_path / "epreuve.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageError) as caught:
        load_settings({"EPREUVE_CONFIG": str(file)})
    assert named in str(caught.value)
