"""Publishing and rolling back as marketers do, seen from the phone; and the manifest that devices trust."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest
from tests.e2e import editions
from tests.e2e.people import Desk, Phone, call
from tests.e2e.servers import herenow, until

ANNOUNCED_S = 10

pytestmark = pytest.mark.slow


class Device:
    """What a device keeps between manifests: the keys it learned and the highest sequence it saw."""

    def __init__(self, url: str, key: str) -> None:
        self._address = f"{url}/v1/apps/{key}/manifest"
        self._url = url
        self.keys: dict[str, Any] = {}
        self.sequence = 0
        self.signed_by: str = ""

    def fetch(self) -> dict[str, Any]:
        """The manifest, once it is verified by a key learned before and its parts have their digests."""
        text = call("GET", self._address).raise_for_status().text
        header = jwt.get_unverified_header(text)
        if not self.keys:  # the first one comes packaged with the app
            self._learn(jwt.decode(text, options={"verify_signature": False}))
        key = jwt.PyJWK(self.keys[header["kid"]])
        manifest: dict[str, Any] = jwt.decode(text, key, algorithms=["ES256"])
        assert header["typ"] == "herenow-manifest+jws"
        assert manifest["sequence"] >= self.sequence
        self._learn(manifest)
        self.sequence, self.signed_by = manifest["sequence"], header["kid"]
        return manifest

    def part(self, manifest: dict[str, Any], name: str) -> Any:
        """A part by the digest that the manifest names."""
        sha256 = next(each["sha256"] for each in manifest["parts"] if each["name"] == name)
        return call("GET", f"{self._url}/v1/blobs/{sha256}").raise_for_status().json()

    def _learn(self, manifest: dict[str, Any]) -> None:
        self.keys.update({each["kid"]: each for each in manifest["keys"]})


def shown(config: dict[str, Any]) -> int:
    """The edition that a config shows."""
    return editions.edition_of(config)[0]


def test_back_and_forth_over_http(kiosk, serve):
    """A, B, roll back: the phone's next config is A's again, while the sequence only rises."""
    server = serve(kiosk.data_dir)
    desk, device = Desk(server.url, kiosk.owner, kiosk.app), Device(server.url, kiosk.key)
    phone = Phone(server.url, kiosk.key)
    first = phone.launch()
    assert shown(first) == 1

    steps = []
    for move in (
        lambda: desk.publish(desk.release(editions.documents(2))),
        lambda: desk.publish(desk.release(editions.documents(3))),
        desk.roll_back,
        desk.roll_back,
    ):
        pointer = move()
        assert until(lambda: phone.config()["serving_set"]["release"] == pointer["release"], 2)  # noqa: B023 - used at once
        manifest = device.fetch()
        title = device.part(manifest, "features")["features"]["title"]["defaultValue"]
        assert manifest["sequence"] == pointer["sequence"]
        assert manifest["serving_set"] == phone.config()["serving_set"]
        assert title == f"Edition {shown(phone.config())}"
        steps.append((pointer["sequence"], shown(phone.config())))

    begun = steps[0][0]
    assert steps == [(begun, 2), (begun + 1, 3), (begun + 2, 2), (begun + 3, 1)]
    again = phone.config()
    assert again["placements"]["shelf"]["items"] == first["placements"]["shelf"]["items"]
    assert again["features"] == first["features"]


def test_back_and_forth_by_the_command_line(kiosk, serve, tmp_path):
    """The same with `herenow publish` and `herenow rollback` against the server, by a marketer's token."""
    server = serve(kiosk.data_dir)
    phone = Phone(server.url, kiosk.key)
    phone.launch()
    there = {"HERENOW_SERVER": server.url, "HERENOW_TOKEN": kiosk.owner}

    for edition in (2, 3):
        herenow("publish", editions.write_folder(tmp_path / "kiosk", edition), **there)
        assert until(lambda: shown(phone.config()) == edition, 2)  # noqa: B023 - used at once
    assert "Release 2 is live" in herenow("rollback", "--app", "kiosk", **there)
    assert until(lambda: shown(phone.config()) == 2, 2)

    listed = json.loads(herenow("releases", "--app", "kiosk", "--json", **there))
    assert [each["number"] for each in listed["releases"]] == [3, 2, 1]
    assert (listed["live"]["release"], listed["live"]["sequence"]) == (2, 4)


def test_an_invalid_set_changes_nothing(kiosk, serve, tmp_path):
    """A folder with an error is refused with its place; phones go on with what they have."""
    server = serve(kiosk.data_dir)
    phone = Phone(server.url, kiosk.key)
    before = phone.launch()
    folder = editions.write_folder(tmp_path / "kiosk", 2)
    spoil(folder / "placements.json", '"quality"', '"qualty"')

    told = herenow("publish", folder, expect=1, HERENOW_SERVER=server.url, HERENOW_TOKEN=kiosk.owner)

    assert "placements.json:1:" in told
    assert "quality" in told
    assert phone.config()["serving_set"] == before["serving_set"]
    assert Desk(server.url, kiosk.owner, kiosk.app).pointer()["sequence"] == 1


def spoil(path: Path, right: str, wrong: str) -> None:
    """Put a mistake into a document."""
    text = path.read_text()
    assert right in text
    path.write_text(text.replace(right, wrong))


def test_the_manifest_key_is_rotated_without_a_break(kiosk, serve):
    """A device that fetched while a key was announced accepts the first manifest which it signs."""
    server = serve(kiosk.data_dir)
    device, desk = Device(server.url, kiosk.key), Desk(server.url, kiosk.owner, kiosk.app)
    device.fetch()
    old = device.signed_by

    body = {"purpose": "manifest", "announce_s": ANNOUNCED_S}
    headers = {"Authorization": f"Bearer {kiosk.owner}"}
    rotated = call("POST", f"{server.url}/admin/v1/keyring/rotate", json=body, headers=headers).json()

    assert until(lambda: device.fetch() and rotated["kid"] in device.keys, 5)
    assert device.signed_by == old
    desk.publish(desk.release(editions.documents(2)))
    assert until(lambda: device.fetch() and device.signed_by == rotated["kid"], ANNOUNCED_S + 5, every_s=0.5)
    desk.roll_back()
    assert device.fetch()["sequence"] == 3
    assert {old, rotated["kid"]} <= {each["kid"] for each in device.fetch()["keys"]}
