"""From folded layers to the embedder's files: float16-stored and, given calibration photographs, 8-bit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

import faces
import inception_resnet
import manifest
from half_storage import store_as_half
from onnx_tools import Float32, OnnxModel, save
from quantise import SMALLEST_COSINE, float_convolutions, quantise
from verify import Differences, VerificationError, compare, cosine_sentence, random_images

FLOAT_TOLERANCE = 1e-5
HALF_TOLERANCE = 1e-3
HALF_SMALLEST_COSINE = 0.99999

CROP_RULE = "square"
"""What is cut out around a face, unless a setting says otherwise (docs/decisions/0010-level-crop.md)."""


@dataclass(frozen=True)
class Source:
    """Where an embedder's weights come from, and what the framework answers with them."""

    name: str
    weights_id: str
    weights: str
    threshold: float
    """The similarity from which two embeddings match, unless a setting says otherwise."""
    origin: dict[str, str]
    framework: str
    reference: Callable[[Float32], Float32]
    """Embeddings [N, 512] of faces [N, 3, 160, 160]."""


def convert(
    source: Source,
    layers: Mapping[str, inception_resnet.Layer],
    models: Path,
    photographs: Path | None,
    calibration: Path | None,
) -> list[manifest.Entry]:
    network = inception_resnet.build(layers)
    inputs = random_images((4, 3, 160, 160))
    if photographs is not None:
        inputs = np.concatenate([inputs, faces.verification_faces(photographs)])
    expected = source.reference(inputs)

    # the graph itself, before any rounding of the weights
    _compare(source, expected, OnnxModel(network), inputs, FLOAT_TOLERANCE)
    entries = [_half(source, network, models, inputs, expected)]
    if calibration is not None:
        entries.append(_int8(source, network, models, faces.calibration_faces(calibration), photographs))
    return entries


def _compare(source: Source, expected: Float32, model: OnnxModel, inputs: Float32, tolerance: float) -> Differences:
    """Every face counts as one input; the framework's answers are known already."""
    differences = compare(source.framework, lambda x: {"embeddings": expected}, model, "faces", [inputs], tolerance)
    differences.inputs = len(inputs)
    return differences


def _half(source: Source, network: onnx.ModelProto, models: Path, inputs: Float32, expected: Float32) -> manifest.Entry:
    path = models / f"{source.name}.onnx"
    save(store_as_half(network), path)
    model = OnnxModel(path)
    differences = _compare(source, expected, model, inputs, HALF_TOLERANCE)
    similarity = cosine_sentence(expected, model(faces=inputs)["embeddings"], HALF_SMALLEST_COSINE)
    return _entry(source, path, "fp16-stored", f"{differences.sentence()} {similarity}")


def _int8(
    source: Source, network: onnx.ModelProto, models: Path, calibration: Float32, photographs: Path | None
) -> manifest.Entry:
    path = models / f"{source.name}.int8.onnx"
    quantised = quantise(network, calibration)
    if left := float_convolutions(quantised):
        raise VerificationError(f"convolutions left in float32: {', '.join(left)}")
    save(quantised, path)
    checked = faces.verification_faces(photographs) if photographs is not None else calibration
    answers = OnnxModel(path)(faces=checked)["embeddings"]
    similarity = cosine_sentence(source.reference(checked), answers, SMALLEST_COSINE)
    which = "of photographs outside the calibration" if photographs is not None else "of the calibration"
    return _entry(
        source,
        path,
        "int8",
        f"Against {source.framework}, on faces {which}: {similarity} Calibrated on {len(calibration)} crops.",
    )


def _entry(source: Source, path: Path, precision: str, verified: str) -> manifest.Entry:
    return manifest.entry(
        path,
        role="embedder",
        origin=source.origin,
        weights=source.weights,
        licence="MIT",
        precision=precision,
        normalisation=manifest.normalisation(127.5, 128),
        layout="NCHW",
        verified=verified,
        embedder={"weights_id": source.weights_id, "crop_rule": CROP_RULE, "threshold": source.threshold},
    )
