"""MTCNN's three networks (Zhang et al. 2016, arXiv:1604.02878) with the weights of facenet-pytorch.

All three take `image`: float32 NCHW, RGB, (value - 127.5) / 128.

- P-net, any size from 12x12: offsets [N, 4, h, w], probability [N, h, w], where h = ceil((H - 2) / 2) - 4.
- R-net, 24x24: offsets [N, 4], probability [N].
- O-net, 48x48: landmarks [N, 10] (five x, then five y), offsets [N, 4], probability [N].

What differs from the framework's graph, without changing the answers beyond rounding:
- PReLU is composed of operators that ONNX Runtime fuses (prelu.py).
- The softmax over {background, face} is the logistic function of the difference of the two scores, so the
  classifier keeps one row: face minus background.
- The framework lays the last feature map out as (width, height, channel) before the dense layer; here the dense
  layer's columns are reordered once instead.
"""

from __future__ import annotations

import numpy as np
import onnx

from onnx_tools import Float32, GraphBuilder
from prelu import after_signs, conv_prelu_max_pool, prelu

Weights = dict[str, Float32]


class _Network:
    def __init__(self, name: str, weights: Weights) -> None:
        self.graph = GraphBuilder(name)
        self.weights = weights

    def conv(self, x: str, index: int, sign: Float32 | None = None) -> str:
        weight, bias = self.parameters(f"conv{index}")
        return self.graph.conv(x, f"conv{index}", weight if sign is None else after_signs(weight, sign), bias)

    def conv_prelu(self, x: str, index: int, sign: Float32 | None = None) -> str:
        return prelu(self.graph, self.conv(x, index, sign), f"prelu{index}", self.slope(index))

    def first_stage(self, kernel: int) -> tuple[str, Float32]:
        return conv_prelu_max_pool(self.graph, "image", 1, *self.parameters("conv1"), self.slope(1), kernel)

    def max_pool(self, x: str, index: int, kernel: int) -> str:
        shape = {"kernel_shape": [kernel, kernel], "strides": [2, 2]}
        return self.graph.node("MaxPool", [x], f"pool{index}", ceil_mode=1, **shape)

    def dense_prelu(self, x: str, index: int, channels: int, side: int) -> str:
        """Flattens [N, channels, side, side] and applies the dense layer and its PReLU."""
        x = self.graph.node("Flatten", [x], "flat")
        weight, bias = self.parameters(f"dense{index}")
        x = self.graph.dense(x, f"dense{index}", _columns_as_nchw(weight, channels, side), bias)
        slope = self.graph.constant(f"prelu{index}.slope", self.slope(index))
        return self.graph.node("PRelu", [x, slope], f"prelu{index}")

    def dense_probability(self, x: str, name: str) -> None:
        logit = self.graph.dense(x, name, *_face_minus_background(*self.parameters(name)))
        self.probability(logit)

    def probability(self, logit: str) -> None:
        """Logistic function of a [N, 1, ...] tensor, without the one."""
        axis = self.graph.constant("probability.axis", np.array([1], np.int64))
        self.graph.node("Sigmoid", [self.graph.node("Squeeze", [logit, axis], "logit")], "probability")

    def dense_output(self, x: str, name: str, output: str) -> None:
        self.graph.dense(x, name, *self.parameters(name), output=output)

    def parameters(self, name: str) -> tuple[Float32, Float32]:
        return self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]

    def slope(self, index: int) -> Float32:
        return self.weights[f"prelu{index}.weight"]


def _columns_as_nchw(weight: Float32, channels: int, side: int) -> Float32:
    """A dense weight's columns from (width, height, channel) to (channel, height, width)."""
    by_place = weight.reshape(-1, side, side, channels)
    return by_place.transpose(0, 3, 2, 1).reshape(weight.shape[0], -1)


def _face_minus_background(weight: Float32, bias: Float32) -> tuple[Float32, Float32]:
    return weight[1:2] - weight[0:1], bias[1:2] - bias[0:1]


def build_pnet(weights: Weights) -> onnx.ModelProto:
    network = _Network("pnet", weights)
    x, sign = network.first_stage(kernel=2)
    x = network.conv_prelu(x, 2, sign)
    x = network.conv(x, 3)
    _pnet_heads(network, x)
    return network.graph.finish(
        {"image": ["N", 3, "H", "W"]},
        {"offsets": ["N", 4, "h", "w"], "probability": ["N", "h", "w"]},
    )


def _pnet_heads(network: _Network, x: str) -> None:
    """Both 1x1 heads as one of five channels, with the last PReLU in it: W prelu(x) = (W s) x + (W (1 - s)) relu(x)."""
    graph = network.graph
    offsets, offsets_bias = network.parameters("conv4_2")
    face, face_bias = _face_minus_background(*network.parameters("conv4_1"))
    weight, bias = np.concatenate([offsets, face]), np.concatenate([offsets_bias, face_bias])
    slope = network.slope(3).reshape(1, -1, 1, 1)
    linear = graph.conv(x, "conv4.linear", weight * slope, np.zeros_like(bias))
    rectified = graph.conv(graph.relu(x), "conv4.rectified", weight * (1 - slope), bias)
    both = graph.node("Add", [rectified, linear], "conv4")
    sizes = graph.constant("conv4.sizes", np.array([4, 1], np.int64))
    graph.split([both, sizes], ["offsets", "face"], axis=1)
    network.probability("face")


def build_rnet(weights: Weights) -> onnx.ModelProto:
    network = _Network("rnet", weights)
    x, sign = network.first_stage(kernel=3)
    x = network.conv_prelu(x, 2, sign)
    x = network.max_pool(x, 2, kernel=3)
    x = network.conv_prelu(x, 3)
    x = network.dense_prelu(x, 4, channels=64, side=3)
    network.dense_probability(x, "dense5_1")
    network.dense_output(x, "dense5_2", "offsets")
    return network.graph.finish({"image": ["N", 3, 24, 24]}, {"offsets": ["N", 4], "probability": ["N"]})


def build_onet(weights: Weights) -> onnx.ModelProto:
    network = _Network("onet", weights)
    x, sign = network.first_stage(kernel=3)
    x = network.conv_prelu(x, 2, sign)
    x = network.max_pool(x, 2, kernel=3)
    x = network.conv_prelu(x, 3)
    x = network.max_pool(x, 3, kernel=2)
    x = network.conv_prelu(x, 4)
    x = network.dense_prelu(x, 5, channels=128, side=3)
    network.dense_probability(x, "dense6_1")
    network.dense_output(x, "dense6_2", "offsets")
    network.dense_output(x, "dense6_3", "landmarks")
    return network.graph.finish(
        {"image": ["N", 3, 48, 48]},
        {"landmarks": ["N", 10], "offsets": ["N", 4], "probability": ["N"]},
    )
