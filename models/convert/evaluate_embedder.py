"""How far an embedder's similarities are from a recorded reference, over all pairs of photographs.

    python evaluate_embedder.py --reference FOLDER MODEL.onnx...

FOLDER holds `faces/` and `reference.json`: per image the MTCNN boxes (`mtcnn.faces[].box`, `mtcnn.largest`) and the
MediaPipe crop (`mediapipe.crop_box`) in pixels of the picture scaled to at most 1024, and `pairs` (`a`, `b`,
`detector`, `cosine_similarity`). The recorded boxes are used, so only the embedder is judged.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

import faces
from onnx_tools import OnnxModel

THRESHOLD = 0.6


def mtcnn_crop(image: Image.Image, answer: dict[str, Any]) -> Image.Image:
    return faces.crop_stretched(image, tuple(answer["faces"][answer["largest"]]["box"]))


def mediapipe_crop(image: Image.Image, answer: dict[str, Any]) -> Image.Image:
    side = (faces.FACE_SIDE, faces.FACE_SIDE)
    return image.crop(tuple(answer["crop_box"])).resize(side, Image.Resampling.LANCZOS)


CROPS: dict[str, Callable[[Image.Image, dict[str, Any]], Image.Image]] = {
    "mtcnn": mtcnn_crop,
    "mediapipe": mediapipe_crop,
}


def evaluate(model: OnnxModel, detector: str, folder: Path, reference: dict[str, Any]) -> str:
    answers = {name: image[detector] for name, image in reference["images"].items() if image[detector]}
    crops = {
        photo.name: CROPS[detector](photo.image, answers[photo.name])
        for photo in faces.read_photographs(folder / "faces")
        if photo.name in answers
    }
    rows = model(faces=faces.to_input(list(crops.values())))["embeddings"]
    embeddings = dict(zip(crops, rows, strict=True))
    differences, changed = [], 0
    for pair in reference["pairs"]:
        if pair["detector"] != detector:
            continue
        expected = pair["cosine_similarity"]
        similarity = float(embeddings[pair["a"]] @ embeddings[pair["b"]])
        differences.append(abs(similarity - expected))
        changed += (similarity >= THRESHOLD) != (expected >= THRESHOLD)
    return (
        f"{detector}: {len(differences)} pairs, |difference| mean {np.mean(differences):.5f}, "
        f"max {np.max(differences):.5f}, {changed} verdicts changed at {THRESHOLD}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Compares embedders with recorded similarities.")
    parser.add_argument("--reference", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    options = parser.parse_args()
    reference = json.loads((options.reference / "reference.json").read_text())
    for path in options.models:
        for detector in CROPS:
            print(f"{path.name}: {evaluate(OnnxModel(path), detector, options.reference, reference)}")


if __name__ == "__main__":
    main()
