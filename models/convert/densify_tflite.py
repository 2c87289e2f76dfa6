"""Constants of a TensorFlow Lite file as dense float32 arrays.

BlazeFace's files store weights as float16, and the sparse full-range file stores most 1x1 kernels compressed: a
tensor's `SparsityParameters` say in which order the dimensions are walked and, for each, whether every index is there
(dense) or only some (compressed rows: segments and indices). The interpreter expands them at run time with the
operators DENSIFY and DEQUANTIZE; here it happens once, at conversion.

Format: tensorflow/lite/schema/schema.fbs (SparsityParameters, DimensionMetadata).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import tflite
from numpy.typing import NDArray

_DTYPES: dict[int, type] = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
_INDEX_TABLES: dict[int, type] = {
    tflite.SparseIndexVector.Int32Vector: tflite.Int32Vector,
    tflite.SparseIndexVector.Uint16Vector: tflite.Uint16Vector,
    tflite.SparseIndexVector.Uint8Vector: tflite.Uint8Vector,
}


def shape_of(tensor: tflite.Tensor) -> tuple[int, ...]:
    return tuple(int(tensor.Shape(i)) for i in range(tensor.ShapeLength()))


def constant(model: tflite.Model, tensor: tflite.Tensor) -> NDArray[Any] | None:
    """The tensor's stored values in its own dtype and full shape, or None if it is computed at run time."""
    raw = model.Buffers(tensor.Buffer()).DataAsNumpy()
    if isinstance(raw, int):  # the generated reader says 0 for an empty buffer
        return None
    values: NDArray[Any] = np.frombuffer(raw.tobytes(), dtype=_DTYPES[tensor.Type()])
    sparsity = tensor.Sparsity()
    if sparsity is None:
        return values.reshape(shape_of(tensor))
    return densify(values, shape_of(tensor), sparsity)


def densify(values: NDArray, shape: tuple[int, ...], sparsity: tflite.SparsityParameters) -> NDArray:
    """Spreads the stored values over a tensor of zeros. Blocked storage does not occur here and is refused."""
    if sparsity.BlockMapLength():
        raise NotImplementedError("blocked sparse tensors")
    order = [int(i) for i in sparsity.TraversalOrderAsNumpy()]
    levels = [sparsity.DimMetadata(i) for i in range(sparsity.DimMetadataLength())]
    paths = np.array(list(_paths(levels)), dtype=np.intp).reshape(-1, len(shape))
    if len(paths) != len(values):
        raise ValueError(f"{len(values)} values are stored, the sparsity describes {len(paths)}")
    dense = np.zeros(shape, dtype=values.dtype)
    dense[tuple(paths[:, order.index(dimension)] for dimension in range(len(shape)))] = values
    return dense


def _paths(levels: list[tflite.DimensionMetadata]) -> Iterator[tuple[int, ...]]:
    """Indices per level of every stored value, in storage order."""
    tables = [
        None
        if level.Format() == tflite.DimensionType.DENSE
        else (
            _index_vector(level.ArraySegmentsType(), level.ArraySegments()),
            _index_vector(level.ArrayIndicesType(), level.ArrayIndices()),
        )
        for level in levels
    ]

    def walk(depth: int, parent: int, prefix: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        if depth == len(levels):
            yield prefix
            return
        table = tables[depth]
        if table is None:
            size = int(levels[depth].DenseSize())
            for i in range(size):
                yield from walk(depth + 1, parent * size + i, (*prefix, i))
        else:
            segments, indices = table
            for slot in range(segments[parent], segments[parent + 1]):
                yield from walk(depth + 1, slot, (*prefix, indices[slot]))

    return walk(0, 0, ())


def _index_vector(kind: int, table: object) -> list[int]:
    vector = _INDEX_TABLES[kind]()
    vector.Init(table.Bytes, table.Pos)  # type: ignore[attr-defined]
    return [int(vector.Values(i)) for i in range(vector.ValuesLength())]
