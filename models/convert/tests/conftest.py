"""What several tests need: networks with random weights, in which every parameter matters."""

from __future__ import annotations

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

from pathlib import Path

import pytest
import torch
from facenet_pytorch import InceptionResnetV1

import vggface2


def randomise_batch_norm(network: torch.nn.Module) -> None:
    for module in network.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)


@pytest.fixture(scope="session")
def state_dict() -> vggface2.StateDict:
    """Random weights in the form of the VGGFace2 release file."""
    torch.manual_seed(11)
    network = InceptionResnetV1(pretrained=None, classify=True, num_classes=vggface2.CLASSES)
    randomise_batch_norm(network)
    return network.state_dict()


@pytest.fixture(scope="session")
def state_dict_file(state_dict: vggface2.StateDict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "random-vggface2.pt"
    torch.save(state_dict, path)
    return path
