import pytest

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


def test_the_same_photographs_give_the_same_bytes(network, quantised):
    again = quantise(network, random_images((4, 3, 160, 160)))
    assert again.SerializeToString(deterministic=True) == quantised.SerializeToString(deterministic=True)


def test_the_embedding_itself_is_not_rounded_to_8_bit(quantised):
    after_dense = [node.op_type for node in quantised.graph.node if "last_linear" in node.input]
    assert sorted(after_dense) == ["Div", "ReduceL2"]
