"""pnet.onnx, rnet.onnx and onet.onnx from facenet-pytorch's weights, verified against its torch modules."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import torch
from facenet_pytorch.models.mtcnn import ONet, PNet, RNet
from PIL import Image

import faces
import manifest
import mtcnn
from onnx_tools import Float32, OnnxModel, save
from sources import FACENET_PYTORCH, PackageCache
from verify import Outputs, compare, random_images

TOLERANCE = 1e-5
PNET_SIZES = [(12, 12), (13, 12), (12, 17), (14, 15), (37, 53), (151, 233)]
NETWORKS: dict[str, tuple[Callable, type[torch.nn.Module], list[tuple[int, int]]]] = {
    "pnet": (mtcnn.build_pnet, PNet, PNET_SIZES),
    "rnet": (mtcnn.build_rnet, RNet, [(24, 24)]),
    "onet": (mtcnn.build_onet, ONet, [(48, 48)]),
}


def convert(cache: PackageCache, models: Path, photographs: Path | None) -> list[manifest.Entry]:
    return [_convert(name, cache, models, photographs) for name in NETWORKS]


def read_weights(content: bytes) -> dict[str, torch.Tensor]:
    return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)


def torch_outputs(module: torch.nn.Module, images: Float32) -> Outputs:
    """The torch module's answer under the names of the ONNX outputs."""
    with torch.no_grad():
        *regressions, classes = (output.numpy() for output in module(torch.from_numpy(images)))
    names = ["offsets", "landmarks"][: len(regressions)]
    return dict(zip(names, regressions, strict=True)) | {"probability": classes[:, 1]}


def _convert(name: str, cache: PackageCache, models: Path, photographs: Path | None) -> manifest.Entry:
    build, module_class, sizes = NETWORKS[name]
    member = f"facenet_pytorch/data/{name}.pt"
    weights = read_weights(cache.read(FACENET_PYTORCH, member))
    path = models / f"{name}.onnx"
    save(build({key: value.numpy() for key, value in weights.items()}), path)

    module = module_class(pretrained=False).eval()
    module.load_state_dict(weights)
    inputs = [random_images((3, 3, *size)) for size in sizes]
    if photographs is not None:
        inputs += _photograph_inputs(name, photographs)
    differences = compare(
        f"torch {torch.__version__.split('+')[0]}",
        lambda x: torch_outputs(module, x),
        OnnxModel(path),
        "image",
        inputs,
        TOLERANCE,
    )
    return manifest.entry(
        path,
        role=name,
        origin=FACENET_PYTORCH.origin(member),
        weights=f"MTCNN {name[0].upper()}-net",
        licence="MIT",
        precision="fp32",
        normalisation=manifest.normalisation(127.5, 128),
        layout="NCHW",
        verified=differences.sentence(),
    )


def _photograph_inputs(name: str, folder: Path) -> list[Float32]:
    """P-net sees the photographs at a quarter of their size, the others the faces in them."""
    photographs = faces.read_photographs(folder)
    if name == "pnet":
        small = [photo.image.resize((photo.image.width // 4, photo.image.height // 4)) for photo in photographs]
        return [faces.to_input([image]) for image in small]
    finder = faces.FaceFinder()
    side = {"rnet": 24, "onet": 48}[name]
    crops: list[Image.Image] = []
    for photo in photographs:
        crops += [faces.crop_square(photo.image, box, 0.0).resize((side, side)) for box in finder.boxes(photo.image)]
    return [faces.to_input(crops)]
