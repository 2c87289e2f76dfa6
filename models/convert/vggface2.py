"""The VGGFace2 embedder (20180402-114759), made on the spot: its weights are not part of this repository.

    python vggface2.py --state-dict 20180402-114759-vggface2.pt
    python vggface2.py --download
    python vggface2.py --state-dict FILE --calibration FOLDER      (also the 8-bit form)

Writes ../inception-resnet-v1-vggface2.onnx (and .int8.onnx), with the inputs and outputs of the CASIA-WebFace
embedder, and records them in ../manifest.local.json. Both are git-ignored.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import urllib.error
import urllib.request
from pathlib import Path

import torch
from facenet_pytorch import InceptionResnetV1

import embedder
import manifest
from inception_resnet import Layer, fold_batch_norm, layer_names
from onnx_tools import Float32, sha256
from verify import VerificationError

URL = "https://github.com/timesler/facenet-pytorch/releases/download/v2.2.9/20180402-114759-vggface2.pt"
CLASSES = 8631
NAME = "inception-resnet-v1-vggface2"

StateDict = dict[str, torch.Tensor]


class StateDictError(Exception):
    """The file is not the state dict this converter is for."""


def read_state_dict(path: Path) -> StateDict:
    """The file's tensors, with exactly the names and shapes of facenet-pytorch's network with 8631 classes."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError:
        raise StateDictError(f"{path} does not exist") from None
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError):
        raise StateDictError(f"{path} is not a PyTorch state dict") from None
    if not isinstance(state, dict) or not all(isinstance(value, torch.Tensor) for value in state.values()):
        raise StateDictError(f"{path} does not hold a dictionary of tensors")
    _check(state)
    return state


def _check(state: StateDict) -> None:
    """Batch counters are bookkeeping of training and may be missing."""
    expected = {key: value.shape for key, value in _empty_network().state_dict().items() if not _is_counter(key)}
    found = {key: value.shape for key, value in state.items() if not _is_counter(key)}
    if missing := sorted(expected.keys() - found.keys()):
        raise StateDictError(f"{len(missing)} tensors are missing, such as {missing[0]}")
    if unknown := sorted(found.keys() - expected.keys()):
        raise StateDictError(f"{len(unknown)} tensors are unknown, such as {unknown[0]}")
    for key, shape in expected.items():
        if found[key] != shape:
            raise StateDictError(f"{key} has the shape {list(found[key])}, expected {list(shape)}")
        if not torch.isfinite(state[key]).all():
            raise StateDictError(f"{key} holds values that are not finite")


def _is_counter(key: str) -> bool:
    return key.endswith(".num_batches_tracked")


def _empty_network() -> InceptionResnetV1:
    with torch.device("meta"):
        return InceptionResnetV1(pretrained=None, classify=True, num_classes=CLASSES)


def read_layers(state: StateDict) -> dict[str, Layer]:
    """Every layer with its batch normalisation folded in."""

    def values(key: str) -> Float32:
        return state[key].to(torch.float32).numpy()

    def folded(kernel: str, norm: str) -> Layer:
        return fold_batch_norm(
            values(kernel),
            mean=values(f"{norm}.running_mean"),
            variance=values(f"{norm}.running_var"),
            offset=values(f"{norm}.bias"),
            scale=values(f"{norm}.weight"),
        )

    layers: dict[str, Layer] = {}
    for name in layer_names():
        if name == "last_linear":
            layers[name] = folded("last_linear.weight", "last_bn")
        elif f"{name}.bias" in state:  # the projections of the residual blocks: no batch normalisation
            layers[name] = Layer(values(f"{name}.weight"), values(f"{name}.bias"))
        else:
            layers[name] = folded(f"{name}.conv.weight", f"{name}.bn")
    return layers


class TorchEmbedder:
    """facenet-pytorch's own network with these weights."""

    def __init__(self, state: StateDict) -> None:
        self._network = InceptionResnetV1(pretrained=None, classify=False, num_classes=CLASSES)
        self._network.load_state_dict(
            {key: value for key, value in state.items() if not key.startswith("logits.")}, strict=False
        )
        self._network.eval()

    def __call__(self, faces: Float32) -> Float32:
        with torch.no_grad():
            return self._network(torch.from_numpy(faces)).numpy()


def convert(
    path: Path, models: Path, photographs: Path | None = None, calibration: Path | None = None
) -> list[manifest.Entry]:
    """Replaces whatever an earlier conversion left, the 8-bit form included."""
    state = read_state_dict(path)
    for stale in models.glob(f"{NAME}*.onnx"):
        stale.unlink()
    source = embedder.Source(
        name=NAME,
        weights_id="vggface2",
        weights="20180402-114759 (VGGFace2)",
        threshold=0.6,  # that of the CASIA-WebFace weights: these are in no package, so it has not been measured
        origin={"release": URL, "file": path.name, "file_sha256": sha256(path)},
        framework=f"facenet-pytorch's InceptionResnetV1 in torch {torch.__version__.split('+')[0]}",
        reference=TorchEmbedder(state),
    )
    entries = embedder.convert(source, read_layers(state), models, photographs, calibration)
    manifest.write(models / manifest.LOCAL, entries)
    return entries


def download(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / Path(URL).name
    if path.exists():
        return path
    partial = path.with_suffix(".part")
    try:
        urllib.request.urlretrieve(URL, partial)
    except (urllib.error.URLError, OSError) as error:
        raise StateDictError(f"{URL} cannot be downloaded: {error}") from None
    return partial.rename(path)


def main(arguments: list[str] | None = None) -> int:
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Converts the VGGFace2 embedder.")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--state-dict", type=Path, metavar="FILE", help="the release file, downloaded already")
    where.add_argument("--download", action="store_true", help=f"fetch {URL}")
    parser.add_argument("--models", type=Path, default=here.parent, metavar="FOLDER", help="where the models go")
    parser.add_argument("--photographs", type=Path, metavar="FOLDER", help="verify on the faces in these, too")
    parser.add_argument("--calibration", type=Path, metavar="FOLDER", help="photographs of faces; adds the 8-bit form")
    options = parser.parse_args(arguments)
    try:
        path = download(here / ".cache") if options.download else options.state_dict
        entries = convert(path, options.models, options.photographs, options.calibration)
    except (StateDictError, VerificationError, OSError, ValueError) as error:
        print(f"vggface2: {error}", file=sys.stderr)
        return 1
    print(f"{path.name}: SHA-256 {entries[0]['origin']['file_sha256']}")
    for entry in entries:
        print(f"{entry['file']}: {entry['bytes']} bytes, SHA-256 {entry['sha256']}. {entry['verified']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
