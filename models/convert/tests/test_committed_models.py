"""The committed files are what the manifest says, and run as it says."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest

from onnx_tools import OnnxModel, max_difference, sha256
from quantise import float_convolutions
from verify import random_images

MODELS = Path(__file__).resolve().parents[2]
ENTRIES = {entry["name"]: entry for entry in json.loads((MODELS / "manifest.json").read_text())["models"]}
PNET_SIZE = (37, 52)


@pytest.fixture(params=sorted(ENTRIES))
def entry(request):
    return ENTRIES[request.param]


def shapes(values) -> dict[str, list]:
    return {v.name: [d.dim_param or d.dim_value for d in v.type.tensor_type.shape.dim] for v in values}


def images(entry, batch: int) -> np.ndarray:
    _, channels, *size = entry["inputs"][0]["shape"]
    height, width = PNET_SIZE if entry["role"] == "pnet" else size
    return random_images((batch, channels, height, width))


def test_every_role_has_a_model():
    assert {"pnet", "rnet", "onet", "blazeface-full-range", "blazeface-short-range", "embedder"} == {
        entry["role"] for entry in ENTRIES.values()
    }


def test_file_checksum_and_tensors_agree(entry):
    path = MODELS / entry["file"]
    assert (entry["sha256"], entry["bytes"]) == (sha256(path), path.stat().st_size)
    graph = onnx.load(path).graph
    assert {t["name"]: t["shape"] for t in entry["inputs"]} == shapes(graph.input)
    assert {t["name"]: t["shape"] for t in entry["outputs"]} == shapes(graph.output)


def test_a_batch_answers_as_its_images_do_one_by_one(entry):
    model, name = OnnxModel(MODELS / entry["file"]), entry["inputs"][0]["name"]
    batch = images(entry, 3)
    together = model(**{name: batch})
    for i in range(len(batch)):
        alone = model(**{name: batch[i : i + 1]})
        for output, values in alone.items():
            assert max_difference(values, together[output][i : i + 1]) < 1e-3, output


def test_no_tool_left_its_name(entry):
    model = onnx.load(MODELS / entry["file"])
    assert (model.producer_name, model.producer_version, model.doc_string) == ("", "", "")


@pytest.mark.parametrize("name", [name for name, entry in ENTRIES.items() if entry["role"] == "embedder"])
def test_embedders_have_no_transposes_and_give_unit_length(name):
    path = MODELS / ENTRIES[name]["file"]
    model = onnx.load(path)
    operators = Counter(node.op_type for node in model.graph.node)
    assert operators["Transpose"] == 0
    assert operators["Conv"] == 132
    if ENTRIES[name]["precision"] == "int8":
        assert float_convolutions(model) == []
    embeddings = OnnxModel(path)(faces=images(ENTRIES[name], 2))["embeddings"]
    assert np.allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-5)
