"""Translates the small set of TensorFlow Lite operators that BlazeFace uses into an NCHW ONNX graph.

TensorFlow Lite is channels-last. Every four-dimensional tensor becomes channels-first here, so that no Transpose is
left between the convolutions, and the batch becomes dynamic. An operator outside the list is an error.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import onnx
import tflite
from numpy.typing import NDArray

from densify_tflite import constant, shape_of
from onnx_tools import Float32, GraphBuilder, Shape

Pads = tuple[int, int, int, int]
"""Top, left, bottom, right."""

_OPERATOR_NAMES = {value: name for name, value in vars(tflite.BuiltinOperator).items() if isinstance(value, int)}


class TfliteToOnnx:
    """One translation. `output_names` maps the file's output tensor names to the ones to use."""

    def __init__(self, content: bytes, *, input_name: str, output_names: dict[str, str]) -> None:
        self._model = tflite.Model.GetRootAsModel(content, 0)
        self._subgraph = self._model.Subgraphs(0)
        self._graph = GraphBuilder("blazeface")
        self._constants: dict[int, NDArray] = {}
        self._spatial_padding: dict[int, tuple[str, Pads]] = {}
        self._names: dict[int, str] = {}
        self._input = int(self._subgraph.Inputs(0))
        self._names[self._input] = input_name
        self._outputs = {
            int(index): output_names[self._subgraph.Tensors(int(index)).Name().decode()]
            for index in self._subgraph.OutputsAsNumpy()
        }

    def translate(self) -> onnx.ModelProto:
        for index in range(self._subgraph.OperatorsLength()):
            operator = self._subgraph.Operators(index)
            code = self._model.OperatorCodes(operator.OpcodeIndex())
            name = _OPERATOR_NAMES[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
            translate: Callable[[tflite.Operator], None] | None = getattr(self, f"_{name.lower()}", None)
            if translate is None:
                raise NotImplementedError(f"TensorFlow Lite operator {name}")
            translate(operator)
        _, height, width, channels = self._shape(self._input)
        outputs: dict[str, Shape] = {name: ["N", *self._output_shape(index)] for index, name in self._outputs.items()}
        return self._graph.finish({self._names[self._input]: ["N", channels, height, width]}, outputs)

    # --- constants -------------------------------------------------------------------------------------------

    def _dequantize(self, operator: tflite.Operator) -> None:
        """float16 to float32, exact."""
        self._constants[operator.Outputs(0)] = self._constant(operator.Inputs(0)).astype(np.float32)

    def _densify(self, operator: tflite.Operator) -> None:
        self._constants[operator.Outputs(0)] = self._constant(operator.Inputs(0))

    def _constant(self, index: int) -> NDArray:
        if index not in self._constants:
            values = constant(self._model, self._subgraph.Tensors(index))
            if values is None:
                raise ValueError(f"tensor {index} is not a constant")
            self._constants[index] = values
        return self._constants[index]

    # --- layers ----------------------------------------------------------------------------------------------

    def _conv_2d(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.Conv2DOptions())
        weight = self._constant(operator.Inputs(1)).transpose(0, 3, 1, 2)  # out, kh, kw, in -> out, in, kh, kw
        self._convolve(operator, options, weight, group=1)

    def _depthwise_conv_2d(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.DepthwiseConv2DOptions())
        weight = self._constant(operator.Inputs(1)).transpose(3, 0, 1, 2)  # 1, kh, kw, out -> out, 1, kh, kw
        self._convolve(operator, options, weight, group=weight.shape[0])

    def _convolve(self, operator: tflite.Operator, options: tflite.Conv2DOptions, weight: Float32, group: int) -> None:
        if (options.DilationHFactor(), options.DilationWFactor()) != (1, 1):
            raise NotImplementedError("dilated convolution")
        strides = (options.StrideH(), options.StrideW())
        x, pads = self._source(operator.Inputs(0))
        if options.Padding() == tflite.Padding.SAME:
            same = _same_padding(self._shape(operator.Inputs(0))[1:3], weight.shape[2:], strides)
            pads = (pads[0] + same[0], pads[1] + same[1], pads[2] + same[2], pads[3] + same[3])
        output = operator.Outputs(0)
        bias = self._constant(operator.Inputs(2))
        name = self._graph.conv(x, self._name(output), weight, bias, strides=strides, pads=pads, group=group)
        self._activate(output, name, options.FusedActivationFunction())

    def _max_pool_2d(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.Pool2DOptions())
        kernel = (options.FilterHeight(), options.FilterWidth())
        strides = (options.StrideH(), options.StrideW())
        pads = (0, 0, 0, 0)
        if options.Padding() == tflite.Padding.SAME:
            pads = _same_padding(self._shape(operator.Inputs(0))[1:3], kernel, strides)
        output = operator.Outputs(0)
        name = self._graph.node(
            "MaxPool",
            [self._names[operator.Inputs(0)]],
            self._name(output),
            kernel_shape=list(kernel),
            strides=list(strides),
            pads=list(pads),
        )
        self._activate(output, name, options.FusedActivationFunction())

    def _relu(self, operator: tflite.Operator) -> None:
        self._activate(operator.Outputs(0), self._names[operator.Inputs(0)], tflite.ActivationFunctionType.RELU)

    def _add(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.AddOptions())
        output = operator.Outputs(0)
        terms = [self._names[operator.Inputs(0)], self._names[operator.Inputs(1)]]
        name = self._graph.node("Add", terms, self._name(output))
        self._activate(output, name, options.FusedActivationFunction())

    def _pad(self, operator: tflite.Operator) -> None:
        """Zeros around the picture go into the convolution that follows; added channels stay an operator."""
        source, output = operator.Inputs(0), operator.Outputs(0)
        batch, rows, columns, channels = self._constant(operator.Inputs(1)).tolist()
        if batch != [0, 0] or channels[0] != 0:
            raise NotImplementedError("padding the batch, or channels in front")
        if channels[1] == 0:
            self._spatial_padding[output] = (self._names[source], (rows[0], columns[0], rows[1], columns[1]))
            return
        if rows != [0, 0] or columns != [0, 0]:
            raise NotImplementedError("padding channels and picture at once")
        name = self._name(output)
        pads = self._graph.constant(f"{name}.pads", np.array([0, 0, 0, 0, 0, channels[1], 0, 0], np.int64))
        self._names[output] = self._graph.node("Pad", [self._names[source], pads], name)

    def _resize_bilinear(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.ResizeBilinearOptions())
        if options.AlignCorners():
            raise NotImplementedError("resize with aligned corners")
        source, output = operator.Inputs(0), operator.Outputs(0)
        _, height, width, _ = self._shape(source)
        new_height, new_width = self._constant(operator.Inputs(1)).tolist()
        name = self._name(output)
        scales = np.array([1, 1, new_height / height, new_width / width], np.float32)
        self._names[output] = self._graph.node(
            "Resize",
            [self._names[source], "", self._graph.constant(f"{name}.scales", scales)],
            name,
            mode="linear",
            coordinate_transformation_mode="half_pixel" if options.HalfPixelCenters() else "asymmetric",
        )

    # --- towards the outputs ---------------------------------------------------------------------------------

    def _depth_to_space(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.DepthToSpaceOptions())
        output = operator.Outputs(0)
        self._names[output] = self._graph.node(
            "DepthToSpace",
            [self._names[operator.Inputs(0)]],
            self._name(output),
            blocksize=options.BlockSize(),
            mode="DCR",
        )

    def _reshape(self, operator: tflite.Operator) -> None:
        """[1, h, w, anchors * values] to [1, h * w * anchors, values]; a single value loses its dimension."""
        source, output = operator.Inputs(0), operator.Outputs(0)
        values = self._shape(output)[2]
        name = self._name(output)
        x = self._names[source]
        if self._shape(source)[3] > 1:
            x = self._graph.node("Transpose", [x], f"{name}.channels_last", perm=[0, 2, 3, 1])
        shape = [0, -1] if values == 1 else [0, -1, values]
        constant_shape = self._graph.constant(f"{name}.shape", np.array(shape, np.int64))
        self._names[output] = self._graph.node("Reshape", [x, constant_shape], name)

    def _concatenation(self, operator: tflite.Operator) -> None:
        options = _options(operator, tflite.ConcatenationOptions())
        output = operator.Outputs(0)
        if options.Axis() != 1 or len(self._shape(output)) != 3:
            raise NotImplementedError("concatenation of anything but anchors")
        parts = [self._names[int(index)] for index in operator.InputsAsNumpy()]
        self._names[output] = self._graph.node("Concat", parts, self._name(output), axis=1)

    # --- helpers ---------------------------------------------------------------------------------------------

    def _shape(self, index: int) -> tuple[int, ...]:
        return shape_of(self._subgraph.Tensors(index))

    def _output_shape(self, index: int) -> list[int]:
        _, anchors, values = self._shape(index)
        return [anchors] if values == 1 else [anchors, values]

    def _name(self, index: int) -> str:
        return self._outputs.get(index, f"t{index}")

    def _source(self, index: int) -> tuple[str, Pads]:
        return self._spatial_padding.get(index) or (self._names[index], (0, 0, 0, 0))

    def _activate(self, output: int, name: str, activation: int) -> None:
        if activation == tflite.ActivationFunctionType.RELU:
            name = self._graph.relu(name)
        elif activation != tflite.ActivationFunctionType.NONE:
            raise NotImplementedError(f"activation {activation}")
        self._names[output] = name


def _options(operator: tflite.Operator, options):  # type: ignore[no-untyped-def]  # returns what it is given
    table = operator.BuiltinOptions()
    options.Init(table.Bytes, table.Pos)
    return options


def _same_padding(size: tuple[int, ...], kernel: tuple[int, ...], strides: tuple[int, int]) -> Pads:
    """TensorFlow's SAME: out = ceil(in / stride); an odd pixel of padding goes right and below."""
    totals = [max((-(-n // s) - 1) * s + k - n, 0) for n, k, s in zip(size, kernel, strides, strict=True)]
    before = [total // 2 for total in totals]
    return (before[0], before[1], totals[0] - before[0], totals[1] - before[1])
