"""Face crops from a folder of photographs: what verification and calibration are run on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from facenet_pytorch import MTCNN
from PIL import Image, ImageOps

from onnx_tools import Float32

LONGEST_SIDE = 1024
FACE_SIDE = 160
SMALLEST_FACE = 20
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}

Box = tuple[float, float, float, float]
"""x1, y1, x2, y2 in pixels of the photograph."""


@dataclass(frozen=True)
class Photograph:
    name: str
    image: Image.Image


def read_photographs(folder: Path) -> list[Photograph]:
    """Every photograph of a folder in name order: upright, RGB, at most 1024 pixels long."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise FileNotFoundError(f"no photographs in {folder}")
    return [Photograph(path.name, _working_image(path)) for path in paths]


def _working_image(path: Path) -> Image.Image:
    with Image.open(path) as file:
        image = ImageOps.exif_transpose(file).convert("RGB")
    scale = LONGEST_SIDE / max(image.size)
    if scale < 1:
        image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.LANCZOS)
    return image


class FaceFinder:
    """facenet-pytorch's MTCNN with its usual settings."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self._mtcnn = MTCNN(keep_all=True, min_face_size=SMALLEST_FACE, device="cpu")

    def boxes(self, image: Image.Image) -> list[Box]:
        """Largest first."""
        boxes, _ = self._mtcnn.detect(image)
        found: list[Box] = [] if boxes is None else [(x1, y1, x2, y2) for x1, y1, x2, y2 in boxes.tolist()]
        return sorted(found, key=lambda box: -(box[2] - box[0]) * (box[3] - box[1]))


def crop_stretched(image: Image.Image, box: Box) -> Image.Image:
    """The box itself, cut to the photograph and stretched to 160x160."""
    x1, y1 = max(int(box[0]), 0), max(int(box[1]), 0)
    x2, y2 = min(int(box[2]), image.width), min(int(box[3]), image.height)
    return image.crop((x1, y1, x2, y2)).resize((FACE_SIDE, FACE_SIDE), Image.Resampling.BILINEAR)


def crop_square(image: Image.Image, box: Box, margin: float) -> Image.Image:
    """A square around the box's centre with the box's area times (1 + margin)^2, moved to lie inside the photograph."""
    width, height = box[2] - box[0], box[3] - box[1]
    side = min(round((width * height) ** 0.5 * (1 + margin)), image.width, image.height)
    left = min(max(round((box[0] + box[2] - side) / 2), 0), image.width - side)
    top = min(max(round((box[1] + box[3] - side) / 2), 0), image.height - side)
    square = image.crop((left, top, left + side, top + side))
    return square.resize((FACE_SIDE, FACE_SIDE), Image.Resampling.BILINEAR)


def to_input(images: list[Image.Image]) -> Float32:
    """RGB images of one size to [N, 3, H, W], (value - 127.5) / 128."""
    pixels = np.stack([np.asarray(image, np.float32) for image in images])
    return np.ascontiguousarray((pixels.transpose(0, 3, 1, 2) - 127.5) / 128.0)


def verification_faces(folder: Path) -> Float32:
    """The largest face of every photograph that has one, as the detector cuts it: [N, 3, 160, 160]."""
    finder = FaceFinder()
    photographs = [(photograph.image, finder.boxes(photograph.image)) for photograph in read_photographs(folder)]
    return to_input([crop_stretched(image, boxes[0]) for image, boxes in photographs if boxes])


def calibration_faces(folder: Path) -> Float32:
    """Every face of every photograph as the service may see it, stretched, square, and square with a margin, each
    also mirrored: [6 * faces, 3, 160, 160]."""
    finder = FaceFinder()
    crops: list[Image.Image] = []
    for photograph in read_photographs(folder):
        for box in finder.boxes(photograph.image):
            crops.append(crop_stretched(photograph.image, box))
            crops += [crop_square(photograph.image, box, margin) for margin in (0.0, 0.3)]
    if not crops:
        raise ValueError(f"no faces in {folder}")
    return to_input(crops + [ImageOps.mirror(crop) for crop in crops])
