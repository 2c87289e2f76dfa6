import hashlib
import zipfile
from pathlib import Path

import pytest

from sources import Package, PackageCache


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing/data.bin", b"weights")
    return path


def package(wheel: Path, checksum: str) -> Package:
    return Package("PyPI", "thing", "1.0", wheel.name, checksum)


def test_a_file_is_read_from_a_package_with_the_right_checksum(wheel):
    checksum = hashlib.sha256(wheel.read_bytes()).hexdigest()
    assert PackageCache(wheel.parent).read(package(wheel, checksum), "thing/data.bin") == b"weights"


def test_another_checksum_is_refused(wheel):
    with pytest.raises(ValueError, match="SHA-256"):
        PackageCache(wheel.parent).read(package(wheel, "0" * 64), "thing/data.bin")
