"""Building, saving and running small ONNX graphs.

The graphs are written node by node instead of being traced out of a framework. That keeps them free of the
framework's shape arithmetic and stray transposes, gives every tensor a readable name, and makes two conversions of
the same weights byte-identical.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
IR_VERSION = 8

Float32 = NDArray[np.float32]
Shape = Sequence[int | str]


class GraphBuilder:
    """Collects nodes and initialisers in the order they are asked for; tensors are referred to by name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, values: NDArray) -> str:
        """Adds an initialiser. Asking twice for one name is a bug in the caller."""
        if name in self._constants:
            raise ValueError(f"two constants are called {name}")
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name

    def node(self, op: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Adds a node with one output; node and output share their name."""
        self._nodes.append(helper.make_node(op, list(inputs), [output], name=output, **attributes))
        return output

    def split(self, inputs: Sequence[str], outputs: Sequence[str], axis: int) -> None:
        """Cuts a tensor (and its sizes, the second input) along an axis."""
        self._nodes.append(helper.make_node("Split", list(inputs), list(outputs), name=f"{inputs[0]}.split", axis=axis))

    def conv(
        self,
        x: str,
        name: str,
        weight: Float32,
        bias: Float32,
        *,
        strides: tuple[int, int] = (1, 1),
        pads: tuple[int, int, int, int] = (0, 0, 0, 0),
        group: int = 1,
        output: str | None = None,
    ) -> str:
        """2-D convolution of an NCHW tensor; weight is [out, in / group, kh, kw], pads top, left, bottom, right."""
        return self.node(
            "Conv",
            [x, self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)],
            output or name,
            kernel_shape=list(weight.shape[2:]),
            strides=list(strides),
            pads=list(pads),
            group=group,
        )

    def relu(self, x: str) -> str:
        return self.node("Relu", [x], f"{x}.relu")

    def dense(self, x: str, name: str, weight: Float32, bias: Float32, *, output: str | None = None) -> str:
        """x [N, in] times weight [out, in] transposed, plus bias [out]."""
        return self.node(
            "Gemm",
            [x, self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias)],
            output or name,
            transB=1,
        )

    def finish(self, inputs: Mapping[str, Shape], outputs: Mapping[str, Shape]) -> onnx.ModelProto:
        """Closes the graph. Every input and output is float32; a string in a shape is a dynamic dimension."""
        graph = helper.make_graph(
            self._nodes,
            self._name,
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape)) for name, shape in outputs.items()],
            initializer=list(self._constants.values()),
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        onnx.checker.check_model(strip_stamps(model), full_check=True)
        return model


def strip_stamps(model: onnx.ModelProto) -> onnx.ModelProto:
    """Removes what depends on the tool and not on the network, in place: producer, version, documentation."""
    model.ir_version = IR_VERSION
    for field in ("producer_name", "producer_version", "domain", "doc_string", "metadata_props"):
        model.ClearField(field)
    model.graph.ClearField("doc_string")
    for node in model.graph.node:
        node.ClearField("doc_string")
        attributes = sorted(node.attribute, key=lambda attribute: attribute.name)
        del node.attribute[:]
        node.attribute.extend(attributes)
    return model


def save(model: onnx.ModelProto, path: Path) -> None:
    """Writes the model; equal graphs give equal bytes."""
    path.write_bytes(strip_stamps(model).SerializeToString(deterministic=True))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class OnnxModel:
    """A model on the CPU provider with one thread, called with arrays by input name."""

    def __init__(self, model: Path | onnx.ModelProto) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        source = str(model) if isinstance(model, Path) else model.SerializeToString()
        self.session = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
        self.output_names = [output.name for output in self.session.get_outputs()]

    def __call__(self, **inputs: NDArray) -> dict[str, Float32]:
        feed = {name: np.ascontiguousarray(values, dtype=np.float32) for name, values in inputs.items()}
        return dict(zip(self.output_names, self.session.run(None, feed), strict=True))


def max_difference(a: NDArray, b: NDArray) -> float:
    """Largest absolute difference; differing shapes are an error and never broadcast."""
    if a.shape != b.shape:
        raise ValueError(f"shapes differ: {a.shape} and {b.shape}")
    return float(np.max(np.abs(a.astype(np.float64) - b.astype(np.float64)))) if a.size else 0.0


def cosines(a: NDArray, b: NDArray) -> NDArray[np.float64]:
    """Cosine similarity row by row of two [N, D] arrays."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    return np.sum(a * b, axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
