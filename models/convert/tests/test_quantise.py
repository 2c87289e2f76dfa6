import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, numpy_helper

import inception_resnet
import vggface2
from onnx_tools import OnnxModel, cosines
from quantise import float_convolutions, largest_float_constant, quantise
from verify import random_images


@pytest.fixture(scope="module")
def network(state_dict):
    return inception_resnet.build(vggface2.read_layers(state_dict))


@pytest.fixture(scope="module")
def quantised(network):
    return quantise(network, random_images((4, 3, 160, 160)))


def test_all_convolutions_are_8_bit(network, quantised):
    assert len(float_convolutions(network)) == 132
    assert float_convolutions(quantised) == []
    assert largest_float_constant(quantised) <= 1792  # scales per output channel


def test_names_and_answers_are_those_of_the_float_network(network, quantised):
    faces = random_images((3, 3, 160, 160))
    expected, actual = OnnxModel(network)(faces=faces), OnnxModel(quantised)(faces=faces)
    assert cosines(expected["embeddings"], actual["embeddings"]).min() > 0.995


def test_no_two_products_can_saturate_16_bits(quantised):
    weights = [
        numpy_helper.to_array(tensor).astype(int)
        for tensor in quantised.graph.initializer
        if tensor.data_type == TensorProto.INT8 and len(tensor.dims) > 1
    ]
    assert len(weights) == 133
    assert max(np.abs(values).max() for values in weights) * 2 * 255 < 2**15


def test_answers_are_those_of_arithmetic_that_cannot_saturate(quantised):
    faces = random_images((1, 3, 160, 160))
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.x64quantprecision", "1")
    exact = onnxruntime.InferenceSession(quantised.SerializeToString(), options, providers=["CPUExecutionProvider"])
    assert np.array_equal(exact.run(None, {"faces": faces})[0], OnnxModel(quantised)(faces=faces)["embeddings"])


def test_the_same_photographs_give_the_same_bytes(network, quantised):
    again = quantise(network, random_images((4, 3, 160, 160)))
    assert again.SerializeToString(deterministic=True) == quantised.SerializeToString(deterministic=True)


def test_the_embedding_itself_is_not_rounded_to_8_bit(quantised):
    after_dense = [node.op_type for node in quantised.graph.node if "last_linear" in node.input]
    assert sorted(after_dense) == ["Div", "ReduceL2"]
