"""One-thread time of every model in a folder under ONNX Runtime's CPU provider.

python benchmark.py [--models FOLDER]
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from onnx_tools import OnnxModel
from verify import random_images

RUNS = 40
BATCHES = (1, 2)
PNET_SIZES = [(455, 616), (229, 310)]
"""The finest and the third scale of a 757x1024 picture's pyramid."""


def milliseconds(model: OnnxModel, name: str, shape: tuple[int, ...]) -> float:
    """Median over 40 runs after three to warm up."""
    values = random_images(shape)
    durations = []
    for _ in range(RUNS + 3):
        start = time.perf_counter()
        model(**{name: values})
        durations.append(time.perf_counter() - start)
    return float(np.median(durations[3:])) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description="Times every model with one thread.")
    parser.add_argument("--models", type=Path, default=Path(__file__).resolve().parent.parent, metavar="FOLDER")
    for path in sorted(parser.parse_args().models.glob("*.onnx")):
        model = OnnxModel(path)
        (value,) = model.session.get_inputs()
        sizes = [tuple(value.shape[2:])] if isinstance(value.shape[2], int) else PNET_SIZES
        for size in sizes:
            times = [milliseconds(model, value.name, (batch, 3, *size)) for batch in BATCHES]
            figures = ", ".join(f"batch {batch} {time:.2f} ms" for batch, time in zip(BATCHES, times, strict=True))
            print(f"{path.name} {size[0]}x{size[1]}: {figures}")


if __name__ == "__main__":
    main()
