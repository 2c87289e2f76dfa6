"""Takes out of a quantised network what rounding its weights adds to each channel on average.

Rounding weights W to W' shifts a layer's output by (W' - W) * x. The mean of that over the calibration inputs is a
constant for each output channel and goes into the bias (Nagel et al. 2019, arXiv:1906.04721, section 4.2, with means
that are measured). A layer is linear, so the mean of x alone is needed.
"""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from onnx_tools import Float32, OnnxModel

BATCH = 16
"""Inputs that run together."""


def correct_biases(model: onnx.ModelProto, quantised: onnx.ModelProto, inputs: Float32) -> onnx.ModelProto:
    """The float32 model with biases that make up for the weights of its quantised form, on inputs [N, ...]."""
    corrected = onnx.ModelProto()
    corrected.CopyFrom(model)
    constants = {tensor.name: tensor for tensor in corrected.graph.initializer}
    rounded = _rounded_weights(quantised)
    means = _mean_inputs(model, inputs)
    for layer in _layers(model):
        x, weight, bias = layer.input
        error = numpy_helper.to_array(constants[weight]) - rounded[layer.name]
        mean = _mean_patch(means[x], layer) if layer.op_type == "Conv" else means[x]
        shift = error.reshape(len(error), -1) @ mean.reshape(-1)
        values = numpy_helper.to_array(constants[bias]) + shift.astype(np.float32)
        constants[bias].CopyFrom(numpy_helper.from_array(values, bias))
    return corrected


def _layers(model: onnx.ModelProto) -> list[onnx.NodeProto]:
    return [node for node in model.graph.node if node.op_type in {"Conv", "Gemm"}]


def _rounded_weights(quantised: onnx.ModelProto) -> dict[str, Float32]:
    """By layer: the weights as the quantised network has them."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in quantised.graph.initializer}
    dequantise = {node.output[0]: node for node in quantised.graph.node if node.op_type == "DequantizeLinear"}
    weights = {}
    for layer in _layers(quantised):
        integers, scale, zero = (constants[name] for name in dequantise[layer.input[1]].input)
        per_channel = [-1] + [1] * (integers.ndim - 1)
        weights[layer.name] = (integers.astype(np.float32) - zero.reshape(per_channel)) * scale.reshape(per_channel)
    return weights


def _mean_inputs(model: onnx.ModelProto, inputs: Float32) -> dict[str, NDArray]:
    """By tensor: the mean of what the layers are fed, over all inputs."""
    (name,) = (value.name for value in model.graph.input)
    probe = onnx.ModelProto()
    probe.CopyFrom(model)
    fed = dict.fromkeys(layer.input[0] for layer in _layers(model) if layer.input[0] != name)
    probe.graph.output.extend(helper.make_tensor_value_info(tensor, TensorProto.FLOAT, None) for tensor in fed)
    network = OnnxModel(probe)
    sums: dict[str, NDArray] = {name: inputs.sum(axis=0, dtype=np.float64)}
    for start in range(0, len(inputs), BATCH):
        for tensor, values in network(**{name: inputs[start : start + BATCH]}).items():
            sums[tensor] = sums.get(tensor, 0) + values.sum(axis=0, dtype=np.float64)
    return {tensor: total / len(inputs) for tensor, total in sums.items()}


def _mean_patch(x: NDArray, conv: onnx.NodeProto) -> NDArray:
    """The mean over all places of what a convolution of x [C, H, W] sees at one place: [C, kh, kw]."""
    attributes = {attribute.name: list(attribute.ints) for attribute in conv.attribute}
    top, left, bottom, right = attributes["pads"]
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right)))
    patches = np.lib.stride_tricks.sliding_window_view(padded, attributes["kernel_shape"], axis=(1, 2))
    down, across = attributes["strides"]
    return patches[:, ::down, ::across].mean(axis=(1, 2))
