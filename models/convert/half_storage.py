"""Stores large float32 weights as float16, at half the file size, while everything is still computed in float32.

Every large weight becomes a float16 initialiser followed by a Cast to float32. ONNX Runtime folds those Casts when it
loads the model, so the running graph, its speed and its fusions are those of the float32 file.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SMALLEST = 1024
"""Elements from which a weight is stored as float16; biases stay float32."""


def store_as_half(model: onnx.ModelProto, smallest: int = SMALLEST) -> onnx.ModelProto:
    """A copy of the model with its large float32 initialisers in float16."""
    result = onnx.ModelProto()
    result.CopyFrom(model)
    casts: list[onnx.NodeProto] = []
    for tensor in result.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < smallest:
            continue
        values = numpy_helper.to_array(tensor)
        with np.errstate(over="ignore"):  # told below
            half = values.astype(np.float16)
        if not np.all(np.isfinite(half)):
            raise ValueError(f"{tensor.name} does not fit float16")
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(half, f"{name}.half"))
        casts.append(helper.make_node("Cast", [tensor.name], [name], name=f"{name}.cast", to=TensorProto.FLOAT))
    nodes = list(result.graph.node)
    del result.graph.node[:]
    result.graph.node.extend([*casts, *nodes])
    onnx.checker.check_model(result)
    return result
