"""The manifest: what every model file is, where it comes from and how it was verified.

`manifest.json` describes the committed models, `manifest.local.json` (same schema, git-ignored) those made on the spot.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import onnx

from onnx_tools import sha256

COMMITTED, LOCAL = "manifest.json", "manifest.local.json"

Entry = dict[str, Any]


def normalisation(mean: float, divisor: float) -> Entry:
    """How 8-bit values become the model's input: (value - mean) / divisor, RGB."""
    return {"mean": mean, "divisor": divisor, "channels": "RGB"}


def entry(
    path: Path,
    *,
    role: str,
    origin: dict[str, str],
    weights: str,
    licence: str,
    precision: str,
    normalisation: Entry,
    layout: str,
    verified: str,
    embedder: Entry | None = None,
) -> Entry:
    """One model's entry. Names, shapes, size and checksum are read from the file.

    `embedder` holds what only an embedder's entry has: `weights_id`, by which it is chosen, `crop_rule`, which cuts its
    faces out, and `threshold`, the similarity from which two of its embeddings match.
    """
    graph = onnx.load(path).graph
    return (
        {"name": path.name.removesuffix(".onnx"), "role": role}
        | (embedder or {})
        | {
            "file": path.name,
            "sha256": sha256(path),
            "bytes": path.stat().st_size,
            "origin": origin,
            "weights": weights,
            "licence": licence,
            "precision": precision,
            "inputs": [_tensor(value) | {"layout": layout} for value in graph.input],
            "outputs": [_tensor(value) for value in graph.output],
            "normalisation": normalisation,
            "verified": verified,
        }
    )


def _tensor(value: onnx.ValueInfoProto) -> Entry:
    tensor = value.type.tensor_type
    if tensor.elem_type != onnx.TensorProto.FLOAT:
        raise ValueError(f"{value.name} is not float32")
    shape = [dimension.dim_param or dimension.dim_value for dimension in tensor.shape.dim]
    return {"name": value.name, "dtype": "float32", "shape": shape}


def update(path: Path, entries: list[Entry]) -> None:
    """Puts entries into a manifest, replacing those of the same name; the rest stays."""
    models = {old["name"]: old for old in json.loads(path.read_text())["models"]} if path.exists() else {}
    write(path, list((models | {new["name"]: new for new in entries}).values()))


def write(path: Path, entries: list[Entry]) -> None:
    """A manifest of these entries alone, sorted by name."""
    ordered = sorted(entries, key=lambda model: model["name"])
    path.write_text(json.dumps({"models": ordered}, indent=2, ensure_ascii=False) + "\n")
