"""InceptionResnetV1 in torch, with the CASIA-WebFace weights 20180408-102900 read from an ONNX file.

facenet-pytorch publishes these weights outside the package index; the ONNX file holds the same ones under the same
layer names, with two things folded in that are undone or bypassed here:

- batch norm: the kernel is already scaled, so torch's batch norm becomes the identity plus the bias;
- the scale of a residual block's projection: torch multiplies by it again, so it is divided out.
"""

import numpy as np
import onnx
import torch
from facenet_pytorch import InceptionResnetV1
from onnx import numpy_helper
from torch import nn

LAYERS = 133  # 132 convolutions and the linear layer


def load_embedder(onnx_path):
    weights = read_weights(onnx_path)
    model = InceptionResnetV1(pretrained=None).eval().requires_grad_(False)
    names = {key.rsplit(".", 1)[0] for key in weights}
    if len(names) != LAYERS:
        raise ValueError(f"expected {LAYERS} layers in {onnx_path} but found {len(names)}")
    for name in names:
        layer = model.get_submodule(name)
        weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        if isinstance(layer, nn.Conv2d):  # a residual block's projection has no batch norm
            scale = model.get_submodule(name.rsplit(".", 1)[0]).scale
            fill(layer.weight, weight / scale)
            fill(layer.bias, bias / scale)
        elif isinstance(layer, nn.Linear):
            fill(layer.weight, weight)
            make_identity_plus_bias(model.last_bn, bias)
        else:
            fill(layer.conv.weight, weight)
            make_identity_plus_bias(layer.bn, bias)
    return model


def read_weights(onnx_path):
    """Every kernel and bias as float32 by name; the file stores large ones as float16 under the suffix .half."""
    tensors = onnx.load(onnx_path).graph.initializer
    return {
        tensor.name.removesuffix(".half"): torch.from_numpy(numpy_helper.to_array(tensor).astype(np.float32))
        for tensor in tensors
        if tensor.name.removesuffix(".half").endswith((".weight", ".bias"))
    }


def make_identity_plus_bias(norm, bias):
    """A fresh batch norm has mean 0, variance 1 and factor 1; only its epsilon has to be cancelled."""
    norm.running_var.fill_(1 - norm.eps)
    fill(norm.bias, bias)


def fill(parameter, values):
    """copy_ alone would broadcast a wrong shape."""
    if parameter.shape != values.shape:
        raise ValueError(f"expected shape {tuple(parameter.shape)} but received {tuple(values.shape)}")
    parameter.copy_(values)
