import json

import pytest

from figures import FIGURES, all_figures


def test_the_recorded_figures_are_those_of_pyeer():
    recorded = json.loads(FIGURES.read_text())
    computed = all_figures()

    assert recorded.keys() == computed.keys()
    for name, figures in computed.items():
        assert flat(recorded[name]) == pytest.approx(flat(figures), rel=1e-12, nan_ok=True), name


def flat(value, path=""):
    """The numbers and nulls in nested lists and objects, by their paths."""
    if isinstance(value, dict):
        return {key: item for name, child in value.items() for key, item in flat(child, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {key: item for i, child in enumerate(value) for key, item in flat(child, f"{path}[{i}]").items()}
    return {path: float("nan") if value is None else value}
