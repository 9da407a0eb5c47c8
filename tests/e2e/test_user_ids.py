"""What a backend calls its users reaches the server as it is, whatever characters it has."""

from urllib.parse import quote

import httpx
import pytest
from tests.e2e.servers import herenow

pytestmark = pytest.mark.slow

ODD = ("x%41y", "https://id.example/7", "a b+c", "अनन्या", "auth0|5f7c", "x/suppression-of/y", "50%")


def test_every_user_id_is_found_and_erased_as_itself(kiosk, serve):
    """Percent signs are decoded once, slashes are part of the id, and nobody else is touched."""
    told = herenow(
        "keys",
        "create",
        "--kind",
        "secret",
        "--label",
        "till",
        "--data-dir",
        kiosk.data_dir,
        "--app",
        "kiosk",
    )
    secret = {"Authorization": f"Bearer {told.strip()}"}
    with httpx.Client(
        base_url=serve(kiosk.data_dir).url, headers=secret, trust_env=False, timeout=30
    ) as backend:
        rows = [{"user_id": each, "consent": {"analytics": "granted"}} for each in (*ODD, "xAy")]
        assert backend.post("/v1/server/customers", json={"customers": rows}).json()["customers"] == len(rows)
        for each in ODD:
            path = f"/v1/server/users/{quote(each, safe='')}"
            assert backend.get(path).status_code == 200, each
            assert backend.delete(path).status_code == 200, each
            assert backend.get(f"{path}/suppression").json() == {"suppressed": True}, each
        assert backend.get("/v1/server/users/xAy").status_code == 200
        assert backend.get("/v1/server/users/xAy/suppression").json() == {"suppressed": False}


def test_what_is_no_text_is_no_path(kiosk, serve):
    """Bytes that are no UTF-8 are a 4xx, and the server lives on."""
    with httpx.Client(base_url=serve(kiosk.data_dir).url, trust_env=False, timeout=30) as client:
        assert client.get("/v1/%ff%fe").status_code in {400, 404}
        assert client.get("/healthz").status_code == 200
