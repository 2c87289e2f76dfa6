"""Writes figures.json: what pyeer says about the scores in the folder scores.

Run it as `python figures.py` after a change of the scores; test_figures.py checks that the file is up to date.
"""

import json
from pathlib import Path

import numpy as np
from pyeer.eer_info import get_eer_stats

FOLDER = Path(__file__).parent
FIGURES = FOLDER / "figures.json"

# False match rates to find thresholds for.
WANTED = (0.1, 0.03, 0.01, 1e-3, 1e-4)

# Points of the curves to record.
POINTS = 40


def read_scores(name: str, kind: str) -> np.ndarray:
    return np.loadtxt(FOLDER / "scores" / f"{name}-{kind}.txt")


def operating_point(stats, impostor: np.ndarray, wanted: float) -> dict | None:
    """The lowest impostor score at which pyeer's FMR is no higher than wanted.

    pyeer's own operating points take the FMR that is nearest, even where it is higher, and may lie between two
    impostor scores; the service takes neither.
    """
    thresholds = np.asarray(stats.thrs)
    fitting = np.isin(thresholds, impostor) & (stats.fmr <= wanted)
    if not fitting.any():
        return None
    return point(stats, int(np.argmax(fitting)))


def point(stats, index: int) -> dict:
    return {
        "threshold": float(stats.thrs[index]),
        "fmr": float(stats.fmr[index]),
        "fnmr": float(stats.fnmr[index]),
    }


def figures(name: str) -> dict:
    genuine, impostor = read_scores(name, "genuine"), read_scores(name, "impostor")
    stats = get_eer_stats(list(genuine), list(impostor))
    indices = np.unique(np.linspace(0, len(stats.thrs) - 1, POINTS).round().astype(int))
    return {
        "eer": float(stats.eer),
        "eer_threshold": float(stats.eer_th),
        "d_prime": float(stats.decidability),
        "points": [{"wanted": wanted, "point": operating_point(stats, impostor, wanted)} for wanted in WANTED],
        "curve": [point(stats, int(index)) for index in indices],
    }


def all_figures() -> dict:
    names = sorted(path.name.removesuffix("-genuine.txt") for path in (FOLDER / "scores").glob("*-genuine.txt"))
    return {name: figures(name) for name in names}


if __name__ == "__main__":
    FIGURES.write_text(json.dumps(all_figures(), indent=1) + "\n")
