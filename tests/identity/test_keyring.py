from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import get_args

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.errors import Conflict, Invalid, NotFound, Unavailable
from herenow.identity import jws
from herenow.identity.keyring import ANNOUNCE_S, KEYRING, OVERLAP_S, RELOAD_S, KeyRing, Purpose
from herenow.storage.memory import MemoryDocuments
from herenow.storage.ports import Documents
from herenow.storage.sqlite.documents import SqliteDocuments

MASTER = bytes(range(32))


@dataclass
class ManualClock:
    """A clock that stands still until it is told to go on."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        """The time it was set to."""
        return self.now


@pytest.fixture
def clock() -> ManualClock:
    """The clock of every ring."""
    return ManualClock()


@pytest.fixture(params=["memory", "sqlite"])
def documents(request, clock: ManualClock, tmp_path: Path) -> Iterator[Documents]:
    """Each documents adapter in turn."""
    if request.param == "memory":
        yield MemoryDocuments(clock)
        return
    store = SqliteDocuments(tmp_path / "documents.sqlite3", clock)
    yield store
    store.close()


@pytest.fixture
def ring(documents: Documents, clock: ManualClock) -> KeyRing:
    """The ring of one process."""
    return KeyRing(documents, MASTER, clock=clock)


def kids(ring: KeyRing) -> list[str]:
    """The current key of every purpose."""
    return [ring.current(purpose).kid for purpose in get_args(Purpose)]


def test_keys_are_made_once_and_kept(ring, documents, clock):
    """A later process reads the very keys that the first one made."""
    later = KeyRing(documents, MASTER, clock=clock)
    assert kids(later) == kids(ring)
    assert later.current("token").secret == ring.current("token").secret
    assert later.derive("etag") == ring.derive("etag")


def test_processes_that_start_at_once_end_with_one_ring(documents, clock):
    """Whoever loses the race uses the winner's keys."""
    start = Barrier(6)

    def process(_):
        start.wait()
        return kids(KeyRing(documents, MASTER, clock=clock))

    with ThreadPoolExecutor(6) as threads:
        seen = list(threads.map(process, range(6)))
    assert len({tuple(each) for each in seen}) == 1


def test_the_store_holds_no_private_material(ring, documents):
    """Neither raw nor encoded; the master secret is needed to open it."""
    secrets = [ring.current(purpose).secret for purpose in get_args(Purpose)]
    stored = repr(documents.get(KEYRING).value)
    for secret in secrets:
        assert secret.hex() not in stored
        assert b64encode(secret).decode() not in stored
        assert jws.base64url(secret) not in stored


def test_another_master_secret_opens_nothing(ring, documents, clock):
    """The error tells what to do; the stored ring is left alone."""
    kids(ring)
    with pytest.raises(Unavailable) as caught:
        kids(KeyRing(documents, bytes(32), clock=clock))
    assert caught.value.code == "MASTER_SECRET_MISMATCH"
    assert kids(KeyRing(documents, MASTER, clock=clock)) == kids(ring)


def test_sealed_material_cannot_be_moved_to_another_key(ring, documents, clock):
    """Swapping two sealed secrets in the store is noticed."""
    kids(ring)
    stored = documents.get(KEYRING)
    keys = stored.value["keys"]
    keys[1]["sealed"], keys[2]["sealed"] = keys[2]["sealed"], keys[1]["sealed"]
    documents.put_if(KEYRING, {"keys": keys}, version=stored.version)
    with pytest.raises(Unavailable):
        kids(KeyRing(documents, MASTER, clock=clock))


def test_a_short_master_secret_is_refused(documents, clock):
    """Before anything is sealed with it."""
    with pytest.raises(Invalid):
        KeyRing(documents, b"short", clock=clock)


def test_a_new_key_signs_after_its_announcement(ring, clock):
    """Until then the old one signs, and both verify."""
    old = ring.current("token")
    fresh = ring.rotate("token", int(clock.now))
    assert ring.current("token").kid == old.kid
    assert ring.verification("token", fresh.kid).secret == fresh.secret
    clock.now += ANNOUNCE_S
    assert ring.current("token").kid == fresh.kid
    assert ring.verification("token", old.kid).secret == old.secret


def test_the_old_key_verifies_until_it_retires(ring, clock):
    """And not a second longer."""
    old = ring.current("token")
    ring.rotate("token", int(clock.now), overlap_s=3600)
    clock.now += ANNOUNCE_S + 3599
    assert ring.verification("token", old.kid) is not None
    clock.now += 1
    assert ring.verification("token", old.kid) is None


def test_a_retired_key_is_removed_by_the_next_rotation(ring, documents, clock):
    """The ring does not grow for ever."""
    for _ in range(5):
        ring.rotate("token", int(clock.now))
        clock.now += ANNOUNCE_S + OVERLAP_S
    of_token = [each for each in documents.get(KEYRING).value["keys"] if each["purpose"] == "token"]
    assert len(of_token) == 2


def test_other_processes_notice_a_rotation_before_the_key_is_used(ring, documents, clock):
    """They look again within seconds, so no token meets a process that does not know its key."""
    other = KeyRing(documents, MASTER, clock=clock)
    kids(other)
    fresh = ring.rotate("token", int(clock.now))
    clock.now += RELOAD_S
    assert other.verification("token", fresh.kid) is not None
    assert RELOAD_S < ANNOUNCE_S


def test_a_copy_of_the_ring_is_used_for_a_moment(ring, documents, clock):
    """Signing a token does not read the store each time."""
    before = kids(ring)
    documents.delete_if(KEYRING)
    assert kids(ring) == before
    clock.now += RELOAD_S
    assert kids(ring) != before


def test_rotations_at_once_all_count(documents, clock):
    """No new key is lost to another that was written at the same moment."""
    rings = [KeyRing(documents, MASTER, clock=clock) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        made = {key.kid for key in threads.map(lambda ring: ring.rotate("token", int(clock.now)), rings)}
    assert made <= {key.kid for key in KeyRing(documents, MASTER, clock=clock).verifying("token")}
    assert len(made) == 4


def test_the_mac_key_is_never_rotated(ring, clock):
    """What it hashed is stored and must still match."""
    before = ring.derive("secrets")
    with pytest.raises(Conflict) as caught:
        ring.rotate("mac", int(clock.now))
    assert caught.value.code == "KEY_NOT_ROTATABLE"
    ring.rotate("token", int(clock.now))
    ring.rotate("manifest", int(clock.now))
    assert ring.derive("secrets") == before


def test_a_revoked_key_never_signs_and_is_never_announced_again(ring, documents, clock):
    """Its successor signs at once, on every process that looks again, and its id is kept."""
    stolen = ring.current("manifest")
    successor = ring.rotate("manifest", int(clock.now), announce_s=30 * 86_400)
    other = KeyRing(documents, MASTER, clock=clock)
    kids(other)
    ring.revoke(stolen.kid, int(clock.now))
    clock.now += RELOAD_S
    for process in (ring, other):
        assert process.current("manifest").kid == successor.kid
        assert [each["kid"] for each in process.public_jwks()] == [successor.kid]
        assert [each.kid for each in process.revocations()] == [stolen.kid]
    ring.rotate("manifest", int(clock.now))
    assert [each.kid for each in ring.revocations()] == [stolen.kid]


def test_revoking_twice_is_safe(ring, clock):
    """The first revocation stands."""
    stolen = ring.current("manifest")
    ring.rotate("manifest", int(clock.now))
    first = ring.revoke(stolen.kid, int(clock.now))
    assert ring.revoke(stolen.kid, int(clock.now) + 5) == first
    assert ring.revocations() == [first]


def test_the_only_manifest_key_is_not_revoked(ring, clock):
    """Devices would have nothing left to learn of it by; they are given another key first."""
    with pytest.raises(Conflict) as caught:
        ring.revoke(ring.current("manifest").kid, int(clock.now))
    assert caught.value.code == "LAST_KEY"
    assert ring.revocations() == []


@pytest.mark.parametrize("purpose", ["token", "mac"])
def test_keys_that_no_device_knows_are_not_revoked(ring, clock, purpose):
    """There is another way for those, and the error says which."""
    with pytest.raises(Conflict) as caught:
        ring.revoke(ring.current(purpose).kid, int(clock.now))
    assert caught.value.code == "KEY_NOT_REVOCABLE"


def test_an_unknown_key_is_not_revoked(ring, clock):
    """A mistyped id would revoke nothing."""
    with pytest.raises(NotFound) as caught:
        ring.revoke("nobody", int(clock.now))
    assert caught.value.code == "UNKNOWN_KID"


def test_a_ring_written_before_there_were_revocations_is_read(ring, documents):
    """It has none."""
    before = kids(ring)
    stored = documents.get(KEYRING)
    documents.put_if(KEYRING, {"keys": stored.value["keys"]}, version=stored.version)
    assert kids(ring) == before
    assert ring.revocations() == []


def test_what_is_told_of_the_ring_holds_no_secret(ring, clock):
    """Ids, purposes and times of the keys that count, and the revoked ones."""
    stolen = ring.current("manifest")
    ring.rotate("manifest", int(clock.now))
    ring.revoke(stolen.kid, int(clock.now))
    told = ring.as_json()
    assert {key["purpose"] for key in told["keys"]} == set(get_args(Purpose))
    assert {name for key in told["keys"] for name in key} == {
        "kid",
        "purpose",
        "created_at",
        "active_at",
        "retire_at",
    }
    assert told["revoked"] == [{"kid": stolen.kid, "revoked_at": int(clock.now)}]


def test_derived_keys_differ_by_label_and_from_their_root(ring):
    """One leaked sub-key tells nothing of another."""
    derived = {
        ring.derive("etag"),
        ring.derive("secrets"),
        ring.derive("erasure"),
        ring.current("mac").secret,
    }
    assert len(derived) == 4
    assert {len(each) for each in derived} == {32}


def test_an_unknown_kid_verifies_nothing(ring):
    """Nor does a key of another purpose."""
    assert ring.verification("token", "nobody") is None
    assert ring.verification("token", ring.current("manifest").kid) is None


def test_only_public_halves_are_exported(ring, clock):
    """A JWK set of the manifest keys, old and new, without the private scalar."""
    ring.rotate("manifest", int(clock.now))
    exported = ring.public_jwks()
    assert [each["kid"] for each in exported] == [key.kid for key in ring.verifying("manifest")]
    for each in exported:
        assert set(each) == {"kty", "crv", "x", "y", "kid", "alg", "use"}


def test_no_secret_shows_in_a_representation(ring):
    """A key that reaches a log line tells only its id."""
    key = ring.current("token")
    assert repr(key.secret) not in repr(key)


def test_keys_are_made_from_the_given_randomness(clock):
    """The same bytes make the same ring: nothing else is random."""

    def ring():
        counter = iter(range(10_000))
        return KeyRing(
            MemoryDocuments(clock),
            MASTER,
            clock=clock,
            random_bytes=lambda size: bytes([next(counter)]) * size,
        )

    assert ring().public_jwks() == ring().public_jwks()


@settings(deadline=None)
@given(seed=st.binary(min_size=jws.SEED_BYTES, max_size=jws.SEED_BYTES), word=st.text(max_size=20))
def test_any_jose_library_verifies_a_signature(seed, word):
    """Every key made from any seed signs what PyJWT reads, and signs it the same way twice."""
    scalar = jws.scalar_from(seed)
    content = jws.signing_input({"word": word}, kid="k", typ="test+jws")
    signed = jws.sign(content, scalar)
    assert jwt.decode(signed, jwt.PyJWK(jws.public_jwk(scalar, "k")), algorithms=["ES256"]) == {"word": word}
    assert jws.sign(content, scalar) == signed


def test_an_id_can_stand_in_a_command(clock):
    """Whatever the bytes: it never begins like an option."""
    ring = KeyRing(MemoryDocuments(clock), MASTER, clock=clock, random_bytes=lambda size: b"\xfb" * size)
    assert {jwk["kid"] for jwk in ring.public_jwks()} == {"fb" * 6}
