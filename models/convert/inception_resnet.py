"""FaceNet's embedding network: Inception-ResNet-v1 (arXiv:1602.07261) ending in 512 numbers of unit length
(arXiv:1503.03832), as an ONNX graph built from folded weights.

Input `faces`: float32 [N, 3, 160, 160], NCHW, RGB, (value - 127.5) / 128. Output `embeddings`: float32 [N, 512].

Layer names are those of facenet-pytorch's InceptionResnetV1. Every convolution comes as a kernel and a bias: batch
normalisation is folded in by whoever supplies the weights (casia_webface.py, vggface2.py). The residual blocks'
constant scale is folded into the projection before the addition here, which saves 21 multiplications over whole
feature maps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnx

from onnx_tools import Float32, GraphBuilder

INPUT_NAME, OUTPUT_NAME = "faces", "embeddings"
BATCH_NORM_EPSILON = 1e-3

SCALE_35, SCALE_17, SCALE_8 = 0.17, 0.10, 0.20
"""Factor on each residual branch before it is added; the last block adds its branch unscaled."""


@dataclass(frozen=True)
class Layer:
    """kernel [out, in, kh, kw] for a convolution, [out, in] for the dense layer; bias [out]."""

    kernel: Float32
    bias: Float32

    def scaled(self, factor: float) -> Layer:
        return Layer(self.kernel * np.float32(factor), self.bias * np.float32(factor))


def fold_batch_norm(
    kernel: Float32, mean: Float32, variance: Float32, offset: Float32, scale: Float32 | None = None
) -> Layer:
    """conv -> batch norm becomes one convolution (or dense layer) with a bias; computed in float64."""
    factor = 1.0 / np.sqrt(variance.astype(np.float64) + BATCH_NORM_EPSILON)
    if scale is not None:
        factor = factor * scale
    per_output = factor.reshape(-1, *[1] * (kernel.ndim - 1))
    return Layer((kernel * per_output).astype(np.float32), (offset - mean * factor).astype(np.float32))


def layer_names() -> list[str]:
    """Every layer the graph asks for, the dense one last."""
    names = ["conv2d_1a", "conv2d_2a", "conv2d_2b", "conv2d_3b", "conv2d_4a", "conv2d_4b"]
    for i in range(5):
        names += [
            f"repeat_1.{i}.{part}"
            for part in ("branch0", "branch1.0", "branch1.1", "branch2.0", "branch2.1", "branch2.2", "conv2d")
        ]
    names += [f"mixed_6a.{part}" for part in ("branch0", "branch1.0", "branch1.1", "branch1.2")]
    for i in range(10):
        names += [f"repeat_2.{i}.{part}" for part in ("branch0", "branch1.0", "branch1.1", "branch1.2", "conv2d")]
    names += [
        f"mixed_7a.{part}"
        for part in ("branch0.0", "branch0.1", "branch1.0", "branch1.1", "branch2.0", "branch2.1", "branch2.2")
    ]
    for block in [*(f"repeat_3.{i}" for i in range(5)), "block8"]:
        names += [f"{block}.{part}" for part in ("branch0", "branch1.0", "branch1.1", "branch1.2", "conv2d")]
    return [*names, "last_linear"]


class _Network:
    def __init__(self, layers: Mapping[str, Layer]) -> None:
        self.layers = layers
        self.graph = GraphBuilder("inception-resnet-v1")

    def conv(self, x: str, name: str, *, stride: int = 1, same: bool = False) -> str:
        """Convolution and ReLU. `same` keeps height and width."""
        return self.graph.relu(self._linear(x, name, self.layers[name], stride, same))

    def _linear(self, x: str, name: str, layer: Layer, stride: int = 1, same: bool = False) -> str:
        rows, columns = (side // 2 if same else 0 for side in layer.kernel.shape[2:])
        pads = (rows, columns, rows, columns)
        return self.graph.conv(x, name, layer.kernel, layer.bias, strides=(stride, stride), pads=pads)

    def chain(self, x: str, name: str, length: int) -> str:
        for i in range(length):
            x = self.conv(x, f"{name}.{i}", same=True)
        return x

    def concat(self, parts: list[str], name: str) -> str:
        return self.graph.node("Concat", parts, f"{name}.concat", axis=1)

    def max_pool(self, x: str, name: str) -> str:
        return self.graph.node("MaxPool", [x], name, kernel_shape=[3, 3], strides=[2, 2])

    def residual(self, x: str, name: str, branches: list[int], scale: float, relu: bool = True) -> str:
        """x + scale * projection(concat(branch0, branch1, ...)); the numbers are the further branches' lengths."""
        parts = [self.conv(x, f"{name}.branch0", same=True)]
        parts += [self.chain(x, f"{name}.branch{i}", length) for i, length in enumerate(branches, start=1)]
        update = self._linear(self.concat(parts, name), f"{name}.conv2d", self.layers[f"{name}.conv2d"].scaled(scale))
        total = self.graph.node("Add", [update, x], f"{name}.add")
        return self.graph.relu(total) if relu else total

    def stem(self, x: str) -> str:
        """160x160x3 to 17x17x256."""
        x = self.conv(x, "conv2d_1a", stride=2)
        x = self.conv(x, "conv2d_2a")
        x = self.conv(x, "conv2d_2b", same=True)
        x = self.max_pool(x, "maxpool_3a")
        x = self.conv(x, "conv2d_3b")
        x = self.conv(x, "conv2d_4a")
        return self.conv(x, "conv2d_4b", stride=2)

    def reduction_a(self, x: str) -> str:
        """17x17x256 to 8x8x896."""
        deep = self.conv(self.chain(x, "mixed_6a.branch1", 2), "mixed_6a.branch1.2", stride=2)
        parts = [self.conv(x, "mixed_6a.branch0", stride=2), deep, self.max_pool(x, "mixed_6a.branch2")]
        return self.concat(parts, "mixed_6a")

    def reduction_b(self, x: str) -> str:
        """8x8x896 to 3x3x1792."""
        parts = []
        for branch, length in (("branch0", 1), ("branch1", 1), ("branch2", 2)):
            deep = self.chain(x, f"mixed_7a.{branch}", length)
            parts.append(self.conv(deep, f"mixed_7a.{branch}.{length}", stride=2))
        return self.concat([*parts, self.max_pool(x, "mixed_7a.branch3")], "mixed_7a")

    def head(self, x: str) -> None:
        """Mean over the 3x3 places, one dense layer, unit length (a length of zero stays zero)."""
        x = self.graph.node("GlobalAveragePool", [x], "avgpool")
        x = self.graph.node("Flatten", [x], "flat")
        dense = self.layers["last_linear"]
        x = self.graph.dense(x, "last_linear", dense.kernel, dense.bias)
        length = self.graph.node("ReduceL2", [x], "length", axes=[1], keepdims=1)
        tiny = self.graph.constant("smallest_length", np.array(1e-12, np.float32))
        self.graph.node("Div", [x, self.graph.node("Max", [length, tiny], "length.clamped")], OUTPUT_NAME)


def build(layers: Mapping[str, Layer]) -> onnx.ModelProto:
    """The float32 network. `layers` must hold exactly `layer_names()`."""
    if set(layers) != set(layer_names()):
        raise ValueError(f"layers differ: {sorted(set(layers) ^ set(layer_names()))}")
    network = _Network(layers)
    x = network.stem(INPUT_NAME)
    for i in range(5):
        x = network.residual(x, f"repeat_1.{i}", [2, 3], SCALE_35)
    x = network.reduction_a(x)
    for i in range(10):
        x = network.residual(x, f"repeat_2.{i}", [3], SCALE_17)
    x = network.reduction_b(x)
    for i in range(5):
        x = network.residual(x, f"repeat_3.{i}", [3], SCALE_8)
    x = network.residual(x, "block8", [3], 1.0, relu=False)
    network.head(x)
    return network.graph.finish({INPUT_NAME: ["N", 3, 160, 160]}, {OUTPUT_NAME: ["N", 512]})
