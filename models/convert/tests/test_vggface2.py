import json

import numpy as np
import pytest
import torch

import inception_resnet
import vggface2
from onnx_tools import OnnxModel, cosines, max_difference, sha256
from verify import random_images


def test_folded_network_equals_torch(state_dict):
    faces = random_images((3, 3, 160, 160)) * 2
    expected = vggface2.TorchEmbedder(state_dict)(faces)
    actual = OnnxModel(inception_resnet.build(vggface2.read_layers(state_dict)))(faces=faces)["embeddings"]
    assert max_difference(expected, actual) < 1e-5
    assert np.allclose(np.linalg.norm(actual, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    "key",
    ["conv2d_1a.bn.weight", "repeat_2.9.branch1.1.bn.running_var", "block8.conv2d.bias", "last_bn.running_mean"],
)
def test_every_kind_of_parameter_counts(state_dict, key):
    """The comparison above would notice one tensor being ignored."""
    faces = random_images((1, 3, 160, 160))
    changed = state_dict | {key: state_dict[key] * 3 + 0.5}
    expected = vggface2.TorchEmbedder(state_dict)(faces)
    actual = OnnxModel(inception_resnet.build(vggface2.read_layers(changed)))(faces=faces)["embeddings"]
    assert max_difference(expected, actual) > 1e-4


def test_command_converts_records_and_repeats_itself(state_dict, state_dict_file, tmp_path, capsys):
    stale = tmp_path / "inception-resnet-v1-vggface2.int8.onnx"
    stale.write_bytes(b"of another state dict")
    assert vggface2.main(["--state-dict", str(state_dict_file), "--models", str(tmp_path)]) == 0
    assert sha256(state_dict_file) in capsys.readouterr().out
    assert not stale.exists()

    (entry,) = json.loads((tmp_path / "manifest.local.json").read_text())["models"]
    path = tmp_path / entry["file"]
    first = sha256(path)
    assert (entry["sha256"], entry["bytes"]) == (first, path.stat().st_size)
    assert (entry["role"], entry["weights_id"], entry["precision"]) == ("embedder", "vggface2", "fp16-stored")
    assert entry["origin"]["file_sha256"] == sha256(state_dict_file)

    faces = random_images((2, 3, 160, 160))
    expected, actual = vggface2.TorchEmbedder(state_dict)(faces), OnnxModel(path)(faces=faces)["embeddings"]
    assert cosines(expected, actual).min() > 0.99999
    assert max_difference(expected, actual) < 1e-3

    assert vggface2.main(["--state-dict", str(state_dict_file), "--models", str(tmp_path)]) == 0
    assert sha256(path) == first


def without(key):
    return lambda state: {k: v for k, v in state.items() if k != key}


WRONG = {
    "1 tensors are missing, such as repeat_1.0.branch0.conv.weight": without("repeat_1.0.branch0.conv.weight"),
    "1 tensors are unknown, such as extra": lambda state: state | {"extra": torch.zeros(1)},
    "logits.weight has the shape [10575, 512], expected [8631, 512]": lambda state: (
        state | {"logits.weight": torch.zeros(10575, 512)}
    ),
    "last_bn.bias holds values that are not finite": lambda state: (
        state | {"last_bn.bias": torch.full((512,), torch.nan)}
    ),
    "does not hold a dictionary of tensors": lambda state: list(state),
}


@pytest.mark.parametrize("message", WRONG)
def test_a_wrong_state_dict_gives_one_line_and_no_model(state_dict, tmp_path, capsys, message):
    path = tmp_path / "wrong.pt"
    torch.save(WRONG[message](state_dict), path)
    assert vggface2.main(["--state-dict", str(path), "--models", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_no_state_dict_gives_one_line(tmp_path, capsys):
    path = tmp_path / "page.pt"
    path.write_text("<html>Not found</html>\n" * 3)
    assert vggface2.main(["--state-dict", str(path), "--models", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"vggface2: {path} is not a PyTorch state dict\n"


def test_batch_counters_may_be_missing(state_dict, tmp_path):
    path = tmp_path / "without-counters.pt"
    torch.save({k: v for k, v in state_dict.items() if not k.endswith("num_batches_tracked")}, path)
    assert "last_bn.weight" in vggface2.read_state_dict(path)
