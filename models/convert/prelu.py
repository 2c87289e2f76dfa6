"""PReLU without the PRelu operator, for MTCNN's networks.

ONNX Runtime's CPU provider keeps convolutions, ReLUs and poolings in a blocked memory layout (NCHWc) and fuses what
follows a convolution into it. PRelu is not part of that: each one costs a slow pass over the feature map and two
changes of layout, together half of P-net's time. The same function can be had from fused convolutions:

    prelu(x) = slope * x + (1 - slope) * relu(x) = slope * x + relu((1 - slope) * x)      where slope <= 1

Both terms are 1x1 convolutions of x, the second with a fused ReLU, the first with a fused addition.

Where a max pooling follows, the activation is cheaper after it, on a quarter of the places:

- slope >= 0: prelu is increasing, so max(prelu(x)) = prelu(max(x)).
- slope < 0:  prelu(x) = max(x, slope * x), so max(prelu(x)) = max(max(x), max(slope * x)). The convolution computes
  slope * x as one more channel, and max(p, q) = q + relu(p - q).
- slope > 1:  the formula above would need relu with a negative sign. The channel is negated instead,
  -prelu(x) = -slope * x + relu((slope - 1) * x), and the next convolution's weights for it change sign.

All of this is exact up to rounding, for any weights.
"""

from __future__ import annotations

import numpy as np

from onnx_tools import Float32, GraphBuilder

BLOCK = 16
"""Channels are filled up with zeros to a multiple of this: the block of the NCHWc layout with AVX-512."""


def _filled(channels: int) -> int:
    return -(-channels // BLOCK) * BLOCK


def _sum_of_linear_and_relu(
    graph: GraphBuilder, x: str, name: str, linear: Float32, rectified: Float32, group: int
) -> str:
    """linear * x + relu(rectified * x) as 1x1 convolutions."""
    nothing = np.zeros(linear.shape[0], np.float32)
    first = graph.conv(x, f"{name}.linear", linear, nothing, group=group)
    second = graph.relu(graph.conv(x, f"{name}.rectified", rectified, nothing, group=group))
    return graph.node("Add", [first, second], name)


def prelu(graph: GraphBuilder, x: str, name: str, slope: Float32) -> str:
    """PReLU of x [N, C, h, w] with a slope [C] of at most 1."""
    if slope.max() > 1:
        raise ValueError(f"{name} has a slope above 1")
    slope = slope.reshape(-1, 1, 1, 1)
    return _sum_of_linear_and_relu(graph, x, name, slope, 1 - slope, group=slope.shape[0])


def conv_prelu_max_pool(
    graph: GraphBuilder, x: str, index: int, weight: Float32, bias: Float32, slope: Float32, kernel: int
) -> tuple[str, Float32]:
    """Convolution, PReLU and max pooling (stride 2, windows may hang over the right and lower edge).

    Returns the feature map, whose channels are filled up to whole blocks, and the sign [C] each channel comes with.
    """
    channels = len(slope)
    falling = np.flatnonzero(slope < 0)
    factor = slope[falling]
    x = graph.conv(
        x,
        f"conv{index}",
        np.concatenate([weight, weight[falling] * factor.reshape(-1, 1, 1, 1)]),
        np.concatenate([bias, bias[falling] * factor]),
    )
    x = graph.node("MaxPool", [x], f"pool{index}", kernel_shape=[kernel, kernel], strides=[2, 2], ceil_mode=1)

    linear = np.zeros((_filled(channels), channels + len(falling), 1, 1), np.float32)
    rectified = np.zeros_like(linear)
    sign = np.where(slope > 1, -1, 1).astype(np.float32)
    for channel in np.flatnonzero(slope >= 0):
        linear[channel, channel] = sign[channel] * slope[channel]
        rectified[channel, channel] = abs(1 - slope[channel])
    for extra, channel in enumerate(falling, start=channels):
        linear[channel, extra] = 1
        rectified[channel, channel], rectified[channel, extra] = 1, -1
    return _sum_of_linear_and_relu(graph, x, f"prelu{index}", linear, rectified, group=1), sign


def after_signs(weight: Float32, sign: Float32) -> Float32:
    """The following convolution's weight [out, C, kh, kw] for channels that are filled up and may be negated."""
    signed = weight * sign.reshape(1, -1, 1, 1)
    missing = _filled(weight.shape[1]) - weight.shape[1]
    return np.pad(signed, ((0, 0), (0, missing), (0, 0), (0, 0)))
