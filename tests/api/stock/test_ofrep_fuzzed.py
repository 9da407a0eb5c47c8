"""Schemathesis holds our answers to OFREP's own shapes, whatever is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

pytestmark = pytest.mark.slow

PROTOCOL = json.loads(Path(__file__).with_name("ofrep_openapi.json").read_bytes())
FLAGS = ["home_title", "quick_reorder", "card_style", "theme", "placement.home_feed"]
KINDS = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
PLAIN = {"Accept-Encoding": "identity"}
"""Nothing between test and application would unpack an answer."""
CHECKS = (
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name.lower())
@pytest.mark.parametrize("path", PROTOCOL["paths"])
@pytest.mark.parametrize("who", ["key", "token", "nobody"])
def test_every_answer_is_the_protocols(app, live, path, kind, who):
    """Statuses, headers and bodies of both calls, for every kind of caller and request."""
    app.extensions["herenow-streams"] = True
    schema = schemathesis.openapi.from_dict(PROTOCOL)
    schema.app = app
    operation = schema[path]["POST"]
    credentials = {
        "key": {"Authorization": f"Bearer {live.key}"},
        "token": {**live.bearer(live.launch()), "X-API-Key": live.key},
        "nobody": {"Authorization": "Bearer nonsense"},
    }[who]
    statuses = set()

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def ask(data):
        case = data.draw(operation.as_strategy(generation_mode=kind))
        if "key" in case.path_parameters and data.draw(st.booleans()):
            case.path_parameters["key"] = data.draw(st.sampled_from(FLAGS))
        response = case.call(headers={**(case.headers or {}), **credentials, **PLAIN})
        if response.status_code != 405:  # a request with another method is not the protocol's
            case.validate_response(response, checks=CHECKS)
        statuses.add(response.status_code)

    try:
        ask()
    finally:
        del app.extensions["herenow-streams"]
    assert statuses == {401} if who == "nobody" else statuses & {200, 400}
