"""The local outbox keeps what would have left."""

import json

from tests.channels.conftest import NOW, SCOPE, address, notice

from herenow.channels import outbox as module
from herenow.channels.model import Outcome
from herenow.channels.outbox import Outbox
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments
from herenow.storage.ports import Key, walk


def test_it_tells_the_latest_first(world):
    """With the address, what was said, and of push the payload itself."""
    outbox = Outbox(world.documents)
    outbox.hand_off(SCOPE, address("email", "asha@bites.example"), notice("email"), NOW)
    handed = outbox.hand_off(SCOPE, address(), notice(message_id="m-2"), NOW)

    push, mail = outbox.latest(SCOPE)
    assert (handed.outcome, handed.provider_id) == (Outcome.HANDED, "outbox-2")
    assert (push["message"], push["number"], push["payload"]["aps"]["alert"]["title"]) == ("m-2", 2, "Lunch?")
    assert (mail["to"], mail["channel"]) == ("asha@bites.example", "email")
    assert [each["number"] for each in outbox.latest(SCOPE, 1)] == [2]
    assert outbox.latest(Scope("bites", "staging")) == []


def test_it_refuses_what_providers_would(world):
    """Expired, and too large."""
    outbox = Outbox(world.documents)

    assert outbox.hand_off(SCOPE, address(), notice(), NOW + 3600).reason == "EXPIRED"
    large = notice(extra={"big": "x" * 5000})
    assert outbox.hand_off(SCOPE, address(), large, NOW).reason == "PAYLOAD_TOO_LARGE"
    assert outbox.latest(SCOPE) == []


def test_it_never_grows(monkeypatch, world):
    """The ring holds the last of them, whatever came before."""
    monkeypatch.setattr(module, "CAPACITY", 4)
    outbox = Outbox(world.documents)
    for n in range(10):
        outbox.hand_off(SCOPE, address(), notice(message_id=f"m-{n}"), NOW)

    assert [each["message"] for each in outbox.latest(SCOPE)] == ["m-9", "m-8", "m-7", "m-6"]
    assert len(list(walk(world.documents, SCOPE.partition("outbox")))) == 5


def test_what_it_holds_goes_with_whose_it_is(world):
    """It lies in their partition, where erasure finds it; nothing of it lies elsewhere."""
    world.phone("i-1")
    outbox = Outbox(world.documents)
    outbox.hand_off(SCOPE, address("email", "asha@bites.example"), notice("email"), NOW)
    outbox.hand_off(SCOPE, address("sms", "+4915112345678", subject="asha"), notice("sms"), NOW)
    theirs = list(walk(world.documents, SCOPE.partition("subject#asha")))
    world.installations.erase(SCOPE, "i-1")

    assert [each.value["to"] for each in theirs] == ["+4915112345678"]
    assert [each["channel"] for each in outbox.latest(SCOPE)] == ["sms"]
    world.documents.delete_if(Key(SCOPE.partition("subject#asha"), theirs[0].key.sort))
    assert outbox.latest(SCOPE) == []
    left = [each.value for each in walk(world.documents, SCOPE.partition("outbox"))]
    assert "bites.example" not in str(left)


def test_a_week_later_it_is_gone():
    """What nobody looked at does not pile up."""
    times = [NOW]
    outbox = Outbox(MemoryDocuments(lambda: times[0]))
    outbox.hand_off(SCOPE, address(), notice(), NOW)
    times[0] += module.KEPT_S

    assert outbox.latest(SCOPE) == []


def test_a_file_gets_a_line_each(tmp_path, monkeypatch, world):
    """Readable by its owner alone, and bounded: what is too much becomes the file before."""
    path = tmp_path / "outbox.ndjson"
    outbox = Outbox(world.documents, path)
    outbox.hand_off(SCOPE, address(), notice(), NOW)

    (line,) = path.read_text().splitlines()
    assert (json.loads(line)["scope"], json.loads(line)["message"]) == ("bites/production", "m-1")
    assert path.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(module, "MAX_FILE", len(line) + 10)
    outbox.hand_off(SCOPE, address(), notice(message_id="m-2"), NOW)
    assert [json.loads(each)["message"] for each in path.read_text().splitlines()] == ["m-2"]
    assert (tmp_path / "outbox.ndjson.1").exists()
