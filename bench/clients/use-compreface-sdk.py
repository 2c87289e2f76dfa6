"""Uses CompreFace's own SDK, unchanged: python use-compreface-sdk.py URL KEY PHOTOGRAPHS"""

import sys
from pathlib import Path

from compreface import CompreFace
from compreface.exceptions import IncorrectFieldException

url, key, folder = sys.argv[1:]
domain, _, port = url.rpartition(":")

obama, obama2, biden, cat = (str(Path(folder, name)) for name in ("obama.jpg", "obama2.jpg", "biden.jpg", "cat.png"))


def only(answer: dict) -> dict:
    assert list(answer) == ["result"], answer
    (result,) = answer["result"]
    return result


verification = CompreFace(domain, port).init_face_verification(key)

same = only(verification.verify(source_image_path=obama, target_image_path=obama2))
assert list(same) == ["source_image_face", "face_matches"], same
assert same["face_matches"][0]["similarity"] > 0.6, same
other = only(verification.verify(Path(obama).read_bytes(), Path(biden).read_bytes()))
assert other["face_matches"][0]["similarity"] < 0.6, other

# What the SDK's own examples send.
options = {"limit": 0, "det_prob_threshold": 0.8, "face_plugins": "calculator,age,gender,landmarks", "status": "true"}
full = only(CompreFace(domain, port, options).init_face_verification(key).verify(obama, obama2))
for face in (full["source_image_face"], *full["face_matches"]):
    assert set(face["box"]) == {"probability", "x_max", "y_max", "x_min", "y_min"}, face
    assert len(face["landmarks"]) == 5, face
    assert len(face["embedding"]) == 512, face
    assert set(face["execution_time"]) == {"detector", "calculator"}, face
assert set(full["plugins_versions"]) == {"detector", "calculator"}, full
python_true = only(verification.verify(obama, obama2, {"status": True, "limit": 1}))
assert "plugins_versions" in python_true, python_true

assert verification.verify(obama, cat) == {"message": "No face is found in the given image", "code": 28}
assert verification.verify(b"hello", obama)["code"] == 21
assert CompreFace(domain, port).init_face_verification("no key").verify(obama, obama2)["code"] == 10
try:
    verification.verify(obama, obama2, {"limit": -1})
    raise AssertionError("the SDK checks limit itself")
except IncorrectFieldException:
    pass
