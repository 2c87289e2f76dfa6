"""Static 8-bit quantisation of the embedding network.

Activations become unsigned 8-bit with one scale per tensor, weights signed 8-bit with one scale per output channel;
the scales of the activations are the smallest and largest values seen on a set of calibration faces (MinMax). The
graph is in QDQ form: ONNX Runtime turns each DequantizeLinear - Conv - QuantizeLinear into one QLinearConv when it
loads. The dense layer's result stays float32, so that the embedding is not rounded to 256 steps. Input and output are
those of the float32 network.

Weights keep to 7 bits, -64 to 64: x86-64 CPUs without VNNI add pairs of u8 x s8 products in 16 bits and saturate. With
weights of 8 bits the answers are wrong there (cosine to float32 0.79 to 0.9); two products of 255 x 64 always fit, so
every CPU computes the same sums. A correction of the biases wins back most of what the coarser weights lose.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from bias_correction import BATCH, correct_biases
from inception_resnet import INPUT_NAME
from onnx_tools import Float32, strip_stamps

SMALLEST_COSINE = 0.995
"""Every face must come out at least this close to float32."""


class _Batches(CalibrationDataReader):
    def __init__(self, faces: Float32) -> None:
        starts = range(0, len(faces), BATCH)
        self._batches: Iterator[dict[str, Float32]] = iter([{INPUT_NAME: faces[i : i + BATCH]} for i in starts])

    def get_next(self) -> dict[str, Float32] | None:
        return next(self._batches, None)


def quantise(model: onnx.ModelProto, faces: Float32) -> onnx.ModelProto:
    """The 8-bit form of a float32 embedding network, calibrated on faces [N, 3, 160, 160]."""
    logging.getLogger().setLevel(logging.ERROR)  # it suggests a preparation step that this graph does not need
    rounded = _quantise(model, faces[:1])  # its weights alone count, and they do not depend on the faces
    return _quantise(correct_biases(model, rounded, faces), faces)


def _quantise(model: onnx.ModelProto, faces: Float32) -> onnx.ModelProto:
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "float32.onnx"), Path(folder, "int8.onnx")
        source.write_bytes(model.SerializeToString())
        quantize_static(
            source,
            target,
            _Batches(faces),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            extra_options={"OpTypesToExcludeOutputQuantization": ["Gemm"]},
        )
        return strip_stamps(onnx.load(target))


def float_convolutions(model: onnx.ModelProto) -> list[str]:
    """Convolutions that would still run in float32: their input or weight does not come from a DequantizeLinear."""
    dequantised = {node.output[0] for node in model.graph.node if node.op_type == "DequantizeLinear"}
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    return [node.name for node in convolutions if not set(node.input) <= dequantised]


def largest_float_constant(model: onnx.ModelProto) -> int:
    """Elements of the largest float32 initialiser; scales only, if everything heavy is 8-bit."""
    floats = [t for t in model.graph.initializer if t.data_type == onnx.TensorProto.FLOAT]
    return max((int(np.prod(t.dims)) for t in floats), default=0)
