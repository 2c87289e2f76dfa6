import numpy as np
import pytest
import tensorflow as tf

from convert_blazeface import TfliteModel
from onnx_tools import OnnxModel, max_difference
from tflite_to_onnx import TfliteToOnnx
from verify import random_images

RANDOM = np.random.RandomState(9)


def weight(*shape: int) -> tf.Tensor:
    return tf.constant(RANDOM.normal(scale=0.3, size=shape).astype(np.float32))


def layers(x: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Every operator of both BlazeFace files, with paddings that a translation could get the wrong way round."""
    x = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, weight(5, 5, 3, 8), 2, "SAME"), weight(8)))  # 32 -> 16
    y = tf.nn.bias_add(tf.nn.depthwise_conv2d(x, weight(3, 3, 8, 1), [1, 1, 1, 1], "SAME"), weight(8))
    y = tf.nn.bias_add(tf.nn.conv2d(y, weight(1, 1, 8, 12), 1, "SAME"), weight(12))
    x = tf.nn.relu(tf.pad(x, [[0, 0], [0, 0], [0, 0], [0, 4]]) + y)
    x = tf.nn.max_pool2d(x, 2, 2, "SAME")  # 16 -> 8
    y = tf.pad(x, [[0, 0], [1, 2], [2, 1], [0, 0]])
    y = tf.nn.bias_add(tf.nn.depthwise_conv2d(y, weight(3, 3, 12, 1), [1, 2, 2, 1], "VALID"), weight(12))  # 11 -> 5
    y = tf.compat.v1.image.resize_bilinear(y, [10, 10], half_pixel_centers=True)
    coarse = tf.nn.bias_add(tf.nn.conv2d(y, weight(1, 1, 12, 36), 1, "SAME"), weight(36))
    fine = tf.nn.depth_to_space(tf.nn.bias_add(tf.nn.conv2d(x, weight(1, 1, 12, 72), 1, "SAME"), weight(72)), 2)
    return anchors([coarse, fine], 16), anchors([coarse, fine], 1)


def anchors(maps: list[tf.Tensor], values: int) -> tf.Tensor:
    """Two anchors per place of every map, with this many values each: [1, anchors, values]."""
    parts = []
    for x in maps:
        _, height, width, channels = x.shape
        y = tf.nn.bias_add(tf.nn.conv2d(x, weight(1, 1, channels, 2 * values), 1, "SAME"), weight(2 * values))
        parts.append(tf.reshape(y, [1, 2 * height * width, values]))
    return tf.concat(parts, 1)


def tflite_file(function, *, half: bool) -> bytes:
    traced = tf.function(function, input_signature=[tf.TensorSpec([1, 32, 32, 3])]).get_concrete_function()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([traced])
    if half:
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    return converter.convert()


def output_names(content: bytes) -> dict[str, str]:
    details = tf.lite.Interpreter(model_content=content).get_output_details()
    return {detail["name"]: "scores" if detail["shape"][2] == 1 else "boxes" for detail in details}


@pytest.mark.parametrize("half", [False, True])
def test_translation_equals_the_interpreter(half):
    content = tflite_file(layers, half=half)
    names = output_names(content)
    model = OnnxModel(TfliteToOnnx(content, input_name="image", output_names=names).translate())
    images = random_images((3, 3, 32, 32))
    expected, actual = TfliteModel(content, names)(images), model(image=images)
    assert np.std(expected["scores"]) > 0.1
    for name in ("boxes", "scores"):
        assert max_difference(expected[name], actual[name]) < 1e-3, name


def test_an_unknown_operator_is_refused():
    content = tflite_file(lambda x: tf.reshape(tf.sin(x), [1, 3072, 1]), half=False)
    with pytest.raises(NotImplementedError, match="SIN"):
        TfliteToOnnx(content, input_name="image", output_names=output_names(content)).translate()
