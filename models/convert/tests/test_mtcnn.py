import numpy as np
import pytest
import torch

from convert_mtcnn import NETWORKS, torch_outputs
from onnx_tools import OnnxModel, max_difference
from verify import random_images

SIZES = {"pnet": [(12, 12), (12, 13), (15, 12), (14, 21), (41, 64)], "rnet": [(24, 24)], "onet": [(48, 48)]}


def random_module(name: str) -> torch.nn.Module:
    torch.manual_seed(5)
    module = NETWORKS[name][1](pretrained=False).eval()
    for key, parameter in module.named_parameters():
        if "prelu" in key:
            highest = 1.5 if key.startswith("prelu1") else 0.9
            torch.nn.init.uniform_(parameter, -1.0, highest)
    return module


@pytest.mark.parametrize(("name", "size"), [(name, size) for name, sizes in SIZES.items() for size in sizes])
def test_network_equals_torch(name, size):
    module = random_module(name)
    model = OnnxModel(NETWORKS[name][0]({key: value.numpy() for key, value in module.state_dict().items()}))
    images = random_images((2, 3, *size))
    expected, actual = torch_outputs(module, images), model(image=images)
    assert set(expected) == set(actual)
    for output, values in expected.items():
        assert max_difference(values, actual[output]) < 1e-5, output


def test_random_networks_are_worth_comparing():
    """Outputs that hardly depend on the picture would make the test above pass for any graph."""
    module = random_module("onet")
    outputs = torch_outputs(module, random_images((8, 3, 48, 48)) * 4)
    assert all(np.std(values, axis=0).max() > 1e-3 for values in outputs.values())
