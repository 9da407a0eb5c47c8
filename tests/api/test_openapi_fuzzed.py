"""Schemathesis reads the OpenAPI document and tries what it allows, and a little more."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

EXAMPLES = 15
"""Requests of each kind for each operation."""

KINDS = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


def operations(app):
    """Every operation of the document."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    return [result.ok() for result in schema.get_all_operations()]


def fuzz(operation, kind, credentials):
    """Send requests of this kind; returns the statuses answered."""
    statuses = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def send(data):
        case = data.draw(operation.as_strategy(generation_mode=kind))
        response = case.call(headers={**(case.headers or {}), **credentials})
        assert response.status_code != 500, (case.as_curl_command(), response.text)
        statuses.append(response.status_code)

    send()
    return statuses


def credentials_for(operation, live):
    """A key and a fresh token of the plane that the operation belongs to."""
    token = live.admin() if operation.path.startswith("/admin") else live.bearer(live.launch())
    return {"X-Herenow-Key": live.key, **token}


def takes_anything(operation):
    """Whether there is something to get wrong."""
    return bool(list(operation.body) or list(operation.query) or list(operation.headers))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name.lower())
def test_no_request_is_a_server_error(app, live, kind):
    """Every operation answers what it is asked, or says what is wrong with the question."""
    negative = kind is schemathesis.GenerationMode.NEGATIVE
    answered = {
        operation.label: fuzz(operation, kind, credentials_for(operation, live))
        for operation in operations(app)
        if not negative or takes_anything(operation)
    }

    assert len(answered) > 15
    assert all(answered.values())
