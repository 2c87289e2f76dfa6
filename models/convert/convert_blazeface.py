"""blazeface-full-range.onnx and blazeface-short-range.onnx (arXiv:1907.05047) from MediaPipe's TensorFlow Lite files.

Input `image`: float32 NCHW, RGB, value / 127.5 - 1, 192x192 or 128x128. Outputs: `boxes` [N, anchors, 16], the raw
regressions (centre x, centre y, width, height, then six keypoints x, y; in pixels of the input, relative to the
anchor), and `scores` [N, anchors], the raw scores before the logistic function.

The full-range weights come from the sparse file, which MediaPipe itself uses. The dense file beside it holds other
weights. All weights are float16 in the source, so storing them as float16 loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tensorflow as tf

import faces
import manifest
from half_storage import store_as_half
from onnx_tools import Float32, OnnxModel, save
from sources import MEDIAPIPE_FACE_DETECTION, PackageCache
from tflite_to_onnx import TfliteToOnnx
from verify import Outputs, compare, random_images

TOLERANCE = 2e-3
"""The outputs reach 200; float32 carries about 7 digits."""


@dataclass(frozen=True)
class Variant:
    name: str
    member: str
    side: int
    output_names: dict[str, str]


VARIANTS = [
    Variant(
        "blazeface-full-range",
        "package/face_detection_full_range_sparse.tflite",
        192,
        {"Identity": "boxes", "Identity_1": "scores"},
    ),
    Variant(
        "blazeface-short-range",
        "package/face_detection_short_range.tflite",
        128,
        {"regressors": "boxes", "classificators": "scores"},
    ),
]


class TfliteModel:
    """The original under TensorFlow Lite's interpreter, one thread, fed NCHW images one by one."""

    def __init__(self, content: bytes, output_names: dict[str, str]) -> None:
        self._interpreter = tf.lite.Interpreter(model_content=content, num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {output_names[d["name"]]: d["index"] for d in self._interpreter.get_output_details()}

    def __call__(self, images: Float32) -> Outputs:
        rows = [self._one(image) for image in images]
        boxes = np.concatenate([row["boxes"] for row in rows])
        return {"boxes": boxes, "scores": np.concatenate([row["scores"] for row in rows])[:, :, 0]}

    def _one(self, image: Float32) -> Outputs:
        self._interpreter.set_tensor(self._input, np.ascontiguousarray(image.transpose(1, 2, 0)[np.newaxis]))
        self._interpreter.invoke()
        return {name: self._interpreter.get_tensor(index) for name, index in self._outputs.items()}


def convert(cache: PackageCache, models: Path, photographs: Path | None) -> list[manifest.Entry]:
    return [_convert(variant, cache, models, photographs) for variant in VARIANTS]


def _convert(variant: Variant, cache: PackageCache, models: Path, photographs: Path | None) -> manifest.Entry:
    content = cache.read(MEDIAPIPE_FACE_DETECTION, variant.member)
    path = models / f"{variant.name}.onnx"
    translated = TfliteToOnnx(content, input_name="image", output_names=variant.output_names).translate()
    save(store_as_half(translated), path)

    inputs = [random_images((3, 3, variant.side, variant.side))]
    if photographs is not None:
        images = [photo.image.resize((variant.side, variant.side)) for photo in faces.read_photographs(photographs)]
        inputs += [faces.to_input([image]) * np.float32(128 / 127.5) for image in images]
    differences = compare(
        f"tf.lite.Interpreter of TensorFlow {tf.__version__}",
        TfliteModel(content, variant.output_names),
        OnnxModel(path),
        "image",
        inputs,
        TOLERANCE,
    )
    return manifest.entry(
        path,
        role=variant.name,
        origin=MEDIAPIPE_FACE_DETECTION.origin(variant.member),
        weights=f"MediaPipe {Path(variant.member).stem}",
        licence="Apache-2.0",
        precision="fp16-stored",
        normalisation=manifest.normalisation(127.5, 127.5),
        layout="NCHW",
        verified=differences.sentence(),
    )
