import numpy as np
import onnx
import pytest
from onnx import numpy_helper

from half_storage import store_as_half
from onnx_tools import GraphBuilder, OnnxModel, max_difference


def dense_model(weight: np.ndarray) -> onnx.ModelProto:
    graph = GraphBuilder("test")
    graph.dense("x", "dense", weight, np.full(len(weight), 1 / 3, np.float32), output="y")
    return graph.finish({"x": ["N", weight.shape[1]]}, {"y": ["N", len(weight)]})


WEIGHT = np.random.RandomState(1).normal(size=(64, 32)).astype(np.float32)


def test_large_weights_are_halved_and_biases_kept():
    stored = {t.name: numpy_helper.to_array(t).dtype for t in store_as_half(dense_model(WEIGHT)).graph.initializer}
    assert stored == {"dense.weight.half": np.float16, "dense.bias": np.float32}


def test_answers_are_those_of_the_rounded_weights_computed_in_float32():
    x = np.random.RandomState(2).normal(size=(3, 32)).astype(np.float32)
    rounded = dense_model(WEIGHT.astype(np.float16).astype(np.float32))
    answer = OnnxModel(store_as_half(dense_model(WEIGHT)))(x=x)["y"]
    assert max_difference(OnnxModel(rounded)(x=x)["y"], answer) == 0


def test_a_weight_beyond_float16_is_refused():
    weight = WEIGHT.copy()
    weight[3, 4] = 70000
    with pytest.raises(ValueError, match=r"^dense\.weight does not fit float16"):
        store_as_half(dense_model(weight))
