"""Uses the client that openapi-python-client generates from openapi.json: python use-python.py URL KEY PHOTOGRAPHS"""

import base64
import sys
from io import BytesIO
from pathlib import Path

from face_comparison_client import AuthenticatedClient, Client
from face_comparison_client.api.comparison import compare, compare_with_blaze_face
from face_comparison_client.api.health import get_liveness, get_metrics, get_readiness, get_status
from face_comparison_client.models import (
    Comparison,
    ComparisonForm,
    ComparisonRequest,
    ComparisonRequestFaceSelection,
    Health,
    Problem,
    ProblemCode,
    Status,
)
from face_comparison_client.types import File

url, key, photographs = sys.argv[1:]


def as_json(image1: str, image2: str) -> ComparisonRequest:
    one, two = (base64.b64encode(Path(photographs, name).read_bytes()).decode() for name in (image1, image2))
    return ComparisonRequest(one, two, threshold=0.5, face_selection=ComparisonRequestFaceSelection.LARGEST)


def as_form(image1: str, image2: str) -> ComparisonForm:
    one, two = (File(BytesIO(Path(photographs, name).read_bytes()), name) for name in (image1, image2))
    return ComparisonForm(one, two, threshold=0.5)


same = ("obama.jpg", "obama2.jpg")
no_face = ("obama.jpg", "cat.png")
for client in (
    AuthenticatedClient(url, token=key),
    AuthenticatedClient(url, token=key, prefix="", auth_header_name="X-API-Key"),
):
    for endpoint in (compare, compare_with_blaze_face):
        for body in (as_json, as_form):
            answer = endpoint.sync_detailed(client=client, body=body(*same), x_request_id="python")
            assert isinstance(answer.parsed, Comparison), answer
            assert answer.parsed.match, answer
            assert answer.parsed.comparison_metrics.threshold_used == 0.5, answer
            assert answer.headers["X-Request-Id"] == "python", answer

            problem = endpoint.sync(client=client, body=body(*no_face))
            assert isinstance(problem, Problem), problem
            assert problem.code is ProblemCode.NO_FACE, problem
            assert problem.image == 2, problem
    metrics = get_metrics.sync(client=client)
    assert isinstance(metrics, str), metrics
    assert "face_workers_ready" in metrics, metrics

stranger = Client(url)
refusals = (compare.sync(client=stranger, body=as_form(*same)), get_metrics.sync(client=stranger))
for refusal in refusals:
    assert isinstance(refusal, Problem), refusal
    assert refusal.code is ProblemCode.UNAUTHORIZED, refusal
assert isinstance(get_status.sync(client=stranger), Status)
for probe in (get_liveness, get_readiness):
    health = probe.sync(client=stranger)
    assert isinstance(health, Health), health
    assert health.status == "ok", health
