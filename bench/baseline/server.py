"""Face comparison on the established Python stack: the baseline that the service is measured against.

Start with: uvicorn --app-dir bench/baseline server:app --port 8100
"""

import base64
import binascii
import io
import os
import threading
import time
from pathlib import Path

import mediapipe
import numpy as np
import torch
from facenet_pytorch import MTCNN, fixed_image_standardization
from fastapi import FastAPI, HTTPException
from PIL import Image, ImageOps, UnidentifiedImageError
from pydantic import BaseModel

from embedder import load_embedder

REPOSITORY = Path(__file__).resolve().parents[2]
EMBEDDER_PATH = os.environ.get("EMBEDDER_PATH", REPOSITORY / "models/inception-resnet-v1-casia-webface.onnx")
LONGER_SIDE = 1024
FACE_SIZE = 160
MEDIAPIPE_MARGIN = 20
MATCH_THRESHOLD = 0.5  # only turns the similarity into a yes or no; not calibrated

embedder = load_embedder(EMBEDDER_PATH)
mtcnn = MTCNN(image_size=FACE_SIZE, margin=0, min_face_size=20, thresholds=[0.6, 0.7, 0.7], factor=0.709)
blazeface = mediapipe.solutions.face_detection.FaceDetection(model_selection=1, min_detection_confidence=0.5)
blazeface_lock = threading.Lock()  # a MediaPipe graph takes one image at a time

app = FastAPI(title="Face comparison baseline")


class ImagePair(BaseModel):
    image1_base64: str
    image2_base64: str


@app.post("/compare")
def compare_with_mtcnn(pair: ImagePair):
    return compare(pair, crop_with_mtcnn)


@app.post("/mediapipe")
def compare_with_mediapipe(pair: ImagePair):
    return compare(pair, crop_with_mediapipe)


def compare(pair, crop_face):
    """Decode, detect and crop each image, embed both faces in one batch, compare."""
    started = time.perf_counter()
    images = [load_image("image1_base64", pair.image1_base64), load_image("image2_base64", pair.image2_base64)]
    decoded = time.perf_counter()
    faces = [crop_face(image) for image in images]
    for name, face in zip(("image1_base64", "image2_base64"), faces, strict=True):
        if face is None:
            raise HTTPException(422, f"{name}: no face found")
    cropped = time.perf_counter()
    with torch.inference_mode():
        first, second = embedder(torch.stack(faces))
    similarity = float(first @ second)
    finished = time.perf_counter()
    return {
        "similarity": similarity,
        "match": similarity >= MATCH_THRESHOLD,
        "timings_ms": {
            "decode": milliseconds(started, decoded),
            "detect": milliseconds(decoded, cropped),
            "embed": milliseconds(cropped, finished),
            "total": milliseconds(started, finished),
        },
    }


def load_image(name, text):
    """Decode to upright RGB, at most LONGER_SIDE pixels on its longer side."""
    try:
        image = Image.open(io.BytesIO(base64.b64decode(text, validate=True)))
        image = ImageOps.exif_transpose(image).convert("RGB")
    except (binascii.Error, UnidentifiedImageError, OSError) as error:
        raise HTTPException(400, f"{name}: not a readable image") from error
    scale = LONGER_SIDE / max(image.size)
    if scale >= 1:
        return image
    width, height = (max(1, round(side * scale)) for side in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def crop_with_mtcnn(image):
    """The largest face as a normalised tensor (3, 160, 160), or None. facenet-pytorch itself crops and scales."""
    return mtcnn(image)


def crop_with_mediapipe(image):
    """The first face with a margin around it as a normalised tensor (3, 160, 160), or None."""
    with blazeface_lock:
        detections = blazeface.process(np.asarray(image)).detections
    if not detections:
        return None
    box = detections[0].location_data.relative_bounding_box
    left, top = int(box.xmin * image.width), int(box.ymin * image.height)
    right, bottom = int((box.xmin + box.width) * image.width), int((box.ymin + box.height) * image.height)
    face = image.crop(
        (
            max(0, left - MEDIAPIPE_MARGIN),
            max(0, top - MEDIAPIPE_MARGIN),
            min(image.width, right + MEDIAPIPE_MARGIN),
            min(image.height, bottom + MEDIAPIPE_MARGIN),
        )
    ).resize((FACE_SIZE, FACE_SIZE), Image.Resampling.LANCZOS)
    return fixed_image_standardization(torch.from_numpy(np.array(face)).permute(2, 0, 1).float())


def milliseconds(start, end):
    return round(1000 * (end - start), 2)
