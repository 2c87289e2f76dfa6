"""On one convolution with every kind of attribute, its weights rounded coarsely."""

import numpy as np
from onnx import numpy_helper

from bias_correction import correct_biases
from onnx_tools import GraphBuilder, OnnxModel

RNG = np.random.default_rng(7)
INPUTS = RNG.normal(0.5, 1, (20, 3, 9, 8)).astype(np.float32)
WEIGHT = RNG.normal(0, 1, (5, 3, 3, 2)).astype(np.float32)
BIAS = RNG.normal(0, 1, 5).astype(np.float32)
SCALE = np.full(5, 0.4, np.float32)
SHAPE = {"strides": (2, 1), "pads": (1, 0, 2, 1)}


def convolution():
    graph = GraphBuilder("convolution")
    output = graph.conv("x", "conv", WEIGHT, BIAS, **SHAPE)
    return graph.finish({"x": ["N", 3, 9, 8]}, {output: ["N", 5, "H", "W"]})


def rounded(bias):
    graph = GraphBuilder("rounded")
    integers = np.round(WEIGHT / SCALE.reshape(-1, 1, 1, 1)).astype(np.int8)
    constants = [
        graph.constant("integers", integers),
        graph.constant("scale", SCALE),
        graph.constant("zero", np.zeros(5, np.int8)),
    ]
    weight = graph.node("DequantizeLinear", constants, "weight", axis=0)
    output = graph.node("Conv", ["x", weight, graph.constant("bias", bias)], "conv", kernel_shape=[3, 2], **SHAPE)
    return graph.finish({"x": ["N", 3, 9, 8]}, {output: ["N", 5, "H", "W"]})


def channel_means(model):
    return OnnxModel(model)(x=INPUTS)["conv"].mean(axis=(0, 2, 3))


def test_the_mean_of_every_channel_is_that_of_the_float_network():
    corrected = correct_biases(convolution(), rounded(BIAS), INPUTS)
    bias = next(numpy_helper.to_array(t) for t in corrected.graph.initializer if t.name == "conv.bias")
    expected = channel_means(convolution())
    assert np.abs(channel_means(rounded(BIAS)) - expected).max() > 0.05
    assert np.abs(channel_means(rounded(bias)) - expected).max() < 1e-5


def test_the_float_network_itself_is_left_alone():
    network = convolution()
    before = network.SerializeToString(deterministic=True)
    correct_biases(network, rounded(BIAS), INPUTS)
    assert network.SerializeToString(deterministic=True) == before
