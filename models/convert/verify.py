"""Comparing a converted model with the framework its weights come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from onnx_tools import Float32, OnnxModel, cosines, max_difference

Outputs = dict[str, Float32]
SEED = 20160402


class VerificationError(Exception):
    """A converted model does not answer as its source does."""


@dataclass
class Differences:
    """Largest absolute difference per output over everything compared so far."""

    framework: str
    inputs: int = 0
    largest: dict[str, float] = field(default_factory=dict)

    def add(self, expected: Outputs, actual: Outputs) -> None:
        if set(expected) != set(actual):
            raise VerificationError(f"outputs differ: {sorted(expected)} and {sorted(actual)}")
        self.inputs += 1
        for name, values in expected.items():
            self.largest[name] = max(self.largest.get(name, 0.0), max_difference(values, actual[name]))

    def sentence(self) -> str:
        figures = ", ".join(f"{value:.1e} ({name})" for name, value in sorted(self.largest.items()))
        return f"Against {self.framework} on {self.inputs} inputs: largest absolute difference {figures}."


def compare(
    framework: str,
    reference: Callable[[Float32], Outputs],
    model: OnnxModel,
    input_name: str,
    inputs: Iterable[Float32],
    tolerance: float,
) -> Differences:
    """Runs both on every input; a difference above the tolerance is an error."""
    differences = Differences(framework)
    for values in inputs:
        differences.add(reference(values), model(**{input_name: values}))
    worst = max(differences.largest.values())
    if not worst <= tolerance:  # also catches NaN
        raise VerificationError(f"{differences.sentence()} Allowed: {tolerance:.1e}.")
    return differences


def random_images(shape: tuple[int, ...]) -> Float32:
    """Uniform noise in [-1, 1], the same on every run."""
    return np.random.RandomState(SEED).uniform(-1, 1, shape).astype(np.float32)


def cosine_sentence(expected: Float32, actual: Float32, smallest: float) -> str:
    """Mean and worst cosine similarity of embeddings [N, 512]; below `smallest` is an error."""
    similarity = cosines(expected, actual)
    figures = f"mean {similarity.mean():.7f}, worst {similarity.min():.7f}"
    sentence = f"Cosine similarity {figures} over {len(similarity)} faces."
    if not similarity.min() >= smallest:
        raise VerificationError(f"{sentence} Needed: {smallest}.")
    return sentence
