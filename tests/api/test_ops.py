from dataclasses import replace

import pytest

from herenow.api.app import create_app
from herenow.storage.ports import Key


def test_a_living_process_says_ok(client):
    """/healthz asks nothing of any store."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_process_with_its_stores_is_ready(client):
    """/readyz is 200 with nothing published yet: the admin plane can serve."""
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


class Unreachable:
    """A documents store whose machine is gone."""

    def get(self, _key):
        """Fail as a driver does, with words that must not leave."""
        raise OSError("cannot reach /srv/secret-path as user root")


def test_a_store_that_does_not_answer_is_told_and_nothing_more(client, app, services):
    """503 NOT_READY names what fails; nothing of the store's own words leaves; the process still lives."""
    app.extensions["herenow"] = replace(services, documents=Unreachable())
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["code"]) == (503, "NOT_READY")
    assert answer.content_type == "application/problem+json"
    assert answer.json["failing"] == ["documents"]
    assert "secret-path" not in answer.get_data(as_text=True)
    assert client.get("/healthz").status_code == 200


def test_a_ring_sealed_by_another_secret_is_not_ready(client, services, clock):
    """What was signed here could not be served: 503 names the key ring."""
    ring = Key("herenow#system#keys", "keyring")
    value = services.documents.get(ring).value
    for record in value["keys"]:
        record["sealed"] = "A" * len(record["sealed"])
    services.documents.put_if(ring, value)
    clock.now += 60
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["failing"]) == (503, ["keyring"])


def test_metrics_count_requests_by_route(client):
    """The Prometheus text names routes by their pattern, never the path that was asked."""
    client.get("/admin/v1/apps/bites/environments/production/documents/secret-plan.json")
    answer = client.get("/metrics")
    text = answer.get_data(as_text=True)
    assert answer.content_type.startswith("text/plain")
    assert 'route="/admin/v1/apps/<app>/environments/<environment>/documents/<name>"' in text
    assert 'status="401"' in text
    assert "secret-plan" not in text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_need_no_key_and_only_answer_get(client, path):
    """GET alone; anything else is 405."""
    assert client.get(path).status_code == 200
    assert client.post(path).json["code"] == "METHOD_NOT_ALLOWED"


def test_methods_that_callers_invent_make_no_series(client):
    """However many there are, they are counted as one."""
    for number in range(20):
        client.open("/v1/me", method=f"INVENTED{number}")

    figures = client.get("/metrics").get_data(as_text=True)
    assert "INVENTED" not in figures
    assert 'herenow_requests_total{method="other",route="unknown",status="405"} 20.0' in figures


def test_metrics_tell_what_is_served(live, services):
    """The sequence of each serving set in use, as soon as it is."""
    client = create_app(services).test_client()
    services.serving.refresh(live.scope)
    client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": live.key})

    text = client.get("/metrics").get_data(as_text=True)

    assert 'herenow_serving_sequence{scope="bites/production"} 1.0' in text
