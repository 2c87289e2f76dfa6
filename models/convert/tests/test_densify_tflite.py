import flatbuffers
import numpy as np
import pytest
import tflite

from densify_tflite import densify


def int_vector(builder: flatbuffers.Builder, start, values: list[int]) -> int:
    start(builder, len(values))
    for value in reversed(values):
        builder.PrependInt32(value)
    return builder.EndVector()


def index_table(builder: flatbuffers.Builder, values: list[int]) -> int:
    vector = int_vector(builder, tflite.Int32VectorStartValuesVector, values)
    tflite.Int32VectorStart(builder)
    tflite.Int32VectorAddValues(builder, vector)
    return tflite.Int32VectorEnd(builder)


def compressed(builder: flatbuffers.Builder, segments: list[int], indices: list[int]) -> int:
    segments_table, indices_table = index_table(builder, segments), index_table(builder, indices)
    tflite.DimensionMetadataStart(builder)
    tflite.DimensionMetadataAddFormat(builder, tflite.DimensionType.SPARSE_CSR)
    tflite.DimensionMetadataAddArraySegmentsType(builder, tflite.SparseIndexVector.Int32Vector)
    tflite.DimensionMetadataAddArraySegments(builder, segments_table)
    tflite.DimensionMetadataAddArrayIndicesType(builder, tflite.SparseIndexVector.Int32Vector)
    tflite.DimensionMetadataAddArrayIndices(builder, indices_table)
    return tflite.DimensionMetadataEnd(builder)


def dense(builder: flatbuffers.Builder, size: int) -> int:
    tflite.DimensionMetadataStart(builder)
    tflite.DimensionMetadataAddFormat(builder, tflite.DimensionType.DENSE)
    tflite.DimensionMetadataAddDenseSize(builder, size)
    return tflite.DimensionMetadataEnd(builder)


def sparsity(order: list[int], make_levels, blocks: tuple[int, ...] = ()) -> tflite.SparsityParameters:
    builder = flatbuffers.Builder(256)
    levels = make_levels(builder)
    tflite.SparsityParametersStartDimMetadataVector(builder, len(levels))
    for level in reversed(levels):
        builder.PrependUOffsetTRelative(level)
    level_vector = builder.EndVector()
    order_vector = int_vector(builder, tflite.SparsityParametersStartTraversalOrderVector, order)
    block_vector = int_vector(builder, tflite.SparsityParametersStartBlockMapVector, list(blocks))
    tflite.SparsityParametersStart(builder)
    tflite.SparsityParametersAddTraversalOrder(builder, order_vector)
    tflite.SparsityParametersAddBlockMap(builder, block_vector)
    tflite.SparsityParametersAddDimMetadata(builder, level_vector)
    builder.Finish(tflite.SparsityParametersEnd(builder))
    return tflite.SparsityParameters.GetRootAsSparsityParameters(bytes(builder.Output()), 0)


ROWS = np.array([[0, 5, 0, 7], [0, 0, 0, 0], [1, 0, 0, 2]], np.float16)


def test_compressed_rows():
    structure = sparsity([0, 1], lambda b: [dense(b, 3), compressed(b, [0, 2, 2, 4], [1, 3, 0, 3])])
    assert np.array_equal(densify(np.array([5, 7, 1, 2], np.float16), (3, 4), structure), ROWS)


def test_compressed_columns_follow_the_traversal_order():
    structure = sparsity([1, 0], lambda b: [dense(b, 4), compressed(b, [0, 1, 2, 2, 4], [2, 0, 0, 2])])
    assert np.array_equal(densify(np.array([1, 5, 7, 2], np.float16), (3, 4), structure), ROWS)


def test_the_number_of_values_must_fit():
    structure = sparsity([0, 1], lambda b: [dense(b, 3), compressed(b, [0, 2, 2, 4], [1, 3, 0, 3])])
    with pytest.raises(ValueError, match="5 values are stored, the sparsity describes 4"):
        densify(np.zeros(5, np.float16), (3, 4), structure)


def test_blocked_storage_is_refused():
    structure = sparsity([0, 1, 2], lambda b: [dense(b, 3), dense(b, 2), dense(b, 2)], blocks=(1,))
    with pytest.raises(NotImplementedError):
        densify(np.zeros(12, np.float16), (3, 4), structure)
