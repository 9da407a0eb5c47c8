"""The one shape of an error.

::

    application / problem + json
    {
        "type": "urn:herenow:problem:invalid-key",
        "title": "the key is unknown or revoked",
        "status": 401,
        "code": "INVALID_KEY",
        "detail": "Send a publishable key …",
        "request_id": "6d2c0f3a9b1e…",
    }
"""

from typing import Any

from herenow.api.schemas.answers import Problem


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """``response`` is a problem document of this status and code; returns it."""
    assert response.status_code == status, response.get_data(as_text=True)[:500]
    assert response.content_type == "application/problem+json"
    problem = response.json
    Problem().load(problem)
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:herenow:problem:{code.lower().replace('_', '-')}"
    assert problem["request_id"] == response.headers["X-Request-Id"]
    assert "Traceback" not in response.get_data(as_text=True)
    return problem
