import numpy as np
import pytest
import torch
from torch.nn.functional import max_pool2d
from torch.nn.functional import prelu as torch_prelu

from onnx_tools import GraphBuilder, OnnxModel, max_difference
from prelu import after_signs, conv_prelu_max_pool, prelu

RANDOM = np.random.RandomState(3)


def normal(*shape: int) -> np.ndarray:
    return RANDOM.normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("size", [(9, 9), (12, 17), (20, 15)])
@pytest.mark.parametrize("kernel", [2, 3])
def test_convolution_prelu_and_pooling_equal_torch_for_slopes_of_every_kind(size, kernel):
    slope = np.array([-1.5, -0.3, 0.0, 0.25, 1.0, 1.01, 2.5], np.float32)
    weight, bias, next_weight = normal(7, 3, 3, 3), normal(7), normal(5, 7, 2, 2)
    graph = GraphBuilder("test")
    x, sign = conv_prelu_max_pool(graph, "image", 1, weight, bias, slope, kernel)
    graph.conv(x, "next", after_signs(next_weight, sign), np.zeros(5, np.float32), output="out")
    model = OnnxModel(graph.finish({"image": ["N", 3, "H", "W"]}, {"out": ["N", 5, "h", "w"]}))

    images = normal(2, 3, *size)
    with torch.no_grad():
        y = torch.conv2d(torch.tensor(images), torch.tensor(weight), torch.tensor(bias))
        y = max_pool2d(torch_prelu(y, torch.tensor(slope)), kernel, 2, ceil_mode=True)
        expected = torch.conv2d(y, torch.tensor(next_weight)).numpy()
    assert max_difference(expected, model(image=images)["out"]) < 1e-4


def test_prelu_equals_torch():
    slope = np.array([-0.7, 0.0, 0.4, 1.0], np.float32)
    graph = GraphBuilder("test")
    prelu(graph, "image", "out", slope)
    model = OnnxModel(graph.finish({"image": ["N", 4, "H", "W"]}, {"out": ["N", 4, "H", "W"]}))
    images = normal(2, 4, 5, 6)
    expected = torch_prelu(torch.tensor(images), torch.tensor(slope)).numpy()
    assert max_difference(expected, model(image=images)["out"]) < 1e-6


def test_prelu_refuses_a_slope_above_one():
    with pytest.raises(ValueError, match="slope above 1"):
        prelu(GraphBuilder("test"), "x", "y", np.array([0.5, 1.2], np.float32))
