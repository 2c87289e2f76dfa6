"""Post every pair of the reference to a running baseline and compare the similarities.

Usage: python bench/baseline/check.py path/to/reference.json [--url http://127.0.0.1:8100]
The photographs are read from the folder faces/ beside reference.json; README.md tells how to fill it.
"""

import argparse
import base64
import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

ENDPOINTS = {"mtcnn": "/compare", "mediapipe": "/mediapipe"}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reference", type=Path)
    parser.add_argument("--url", default="http://127.0.0.1:8100")
    parser.add_argument("--tolerance", type=float, default=1e-3, help="largest accepted absolute difference")
    arguments = parser.parse_args()

    reference = json.loads(arguments.reference.read_text())
    faces = arguments.reference.parent / "faces"
    images = {name: base64.b64encode((faces / name).read_bytes()).decode() for name in reference["images"]}

    failures = []
    for detector, endpoint in ENDPOINTS.items():
        differences = []
        for pair in (pair for pair in reference["pairs"] if pair["detector"] == detector):
            status, answer = post(arguments.url + endpoint, images[pair["a"]], images[pair["b"]])
            if status != 200:
                failures.append(f"{detector} {pair['a']} {pair['b']}: status {status}")
                continue
            differences.append(abs(answer["similarity"] - pair["cosine_similarity"]))
            if differences[-1] > arguments.tolerance:
                failures.append(f"{detector} {pair['a']} {pair['b']}: off by {differences[-1]:.6f}")
        if differences:
            mean = sum(differences) / len(differences)
            print(f"{endpoint}: {len(differences)} pairs, abs difference max {max(differences):.6f} mean {mean:.6f}")
        for name in (name for name, image in reference["images"].items() if image[detector] is None):
            status, _ = post(arguments.url + endpoint, images[name], images[name])
            print(f"{endpoint}: {name} without a face answers {status}")
            if status != 422:
                failures.append(f"{detector} {name}: expected status 422 but received {status}")

    sys.exit("\n".join(failures) or 0)


def post(url, image1, image2):
    body = json.dumps({"image1_base64": image1, "image2_base64": image2}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, None


if __name__ == "__main__":
    main()
