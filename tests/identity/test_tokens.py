import jwt
import pytest

from herenow.errors import Unauthenticated
from herenow.identity.keyring import ANNOUNCE_S, KeyRing
from herenow.identity.tokens import Tokens
from herenow.scope import Scope

BITES = Scope("bites", "production")


@pytest.fixture(name="tokens")
def _tokens(keyring: KeyRing, clock) -> Tokens:
    return Tokens(keyring, clock=clock)


def test_a_token_says_which_installation_speaks(tokens: Tokens, clock):
    """Scope, installation and epoch survive the round trip."""
    claims = tokens.installation(tokens.for_installation(BITES, "i-1", 3, ttl_s=60))

    assert (claims.scope, claims.installation_id, claims.epoch) == (BITES, "i-1", 3)
    assert claims.expires_at == int(clock.now) + 60


def test_an_expired_token_is_refused_even_when_it_was_verified_before(tokens: Tokens, clock):
    """The cache of verified tokens never outlives a token."""
    token = tokens.for_installation(BITES, "i-1", 1, ttl_s=60)
    tokens.installation(token)
    clock.now += 60

    with pytest.raises(Unauthenticated) as refusal:
        tokens.installation(token)
    assert refusal.value.code == "EXPIRED_TOKEN"


def test_an_installation_is_no_admin(tokens: Tokens):
    """A token of one audience does not open the other plane, cached or not."""
    token = tokens.for_installation(BITES, "i-1", 1, ttl_s=60)
    tokens.installation(token)

    with pytest.raises(Unauthenticated):
        tokens.admin(token)
    with pytest.raises(Unauthenticated):
        tokens.installation(tokens.for_admin("ada", 1, ttl_s=60))


def test_an_admin_token_names_a_person(tokens: Tokens):
    """Id and epoch survive the round trip."""
    claims = tokens.admin(tokens.for_admin("ada", 2, ttl_s=60))

    assert (claims.admin_id, claims.epoch) == ("ada", 2)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e" * 5000, "eyJhbGciOiJub25lIn0.e30."])
def test_what_is_no_token_is_refused(tokens: Tokens, token: str):
    """Garbage of any kind is refused alike."""
    with pytest.raises(Unauthenticated) as refusal:
        tokens.installation(token)
    assert refusal.value.code == "INVALID_TOKEN"


def test_an_unsigned_token_is_refused(tokens: Tokens, keyring: KeyRing, clock):
    """The algorithm ``none`` is never accepted, whatever kid it names."""
    claims = {
        "iss": "herenow",
        "aud": "installation",
        "sub": "i",
        "ep": 1,
        "iat": 1,
        "exp": int(clock.now) + 99,
    }
    forged = jwt.encode(claims, "", algorithm="none", headers={"kid": keyring.current("token").kid})

    with pytest.raises(Unauthenticated):
        tokens.installation(forged)


def test_a_token_outlives_the_rotation_of_its_key(tokens: Tokens, keyring: KeyRing, clock):
    """A rotated key still verifies what it signed, and no longer signs."""
    token = tokens.for_installation(BITES, "i-1", 1, ttl_s=10_000)
    before = keyring.current("token").kid
    keyring.rotate("token", int(clock.now))
    clock.now += ANNOUNCE_S + 5

    fresh = tokens.for_installation(BITES, "i-1", 1, ttl_s=60)
    assert Tokens(keyring, clock=clock).installation(token).installation_id == "i-1"
    assert jwt.get_unverified_header(fresh)["kid"] != before


def test_a_retired_key_ends_its_tokens_in_every_process(tokens: Tokens, keyring: KeyRing, clock):
    """After an emergency rotation the cache of verified tokens vouches for no signature by the old key."""
    token = tokens.for_installation(BITES, "i-1", 1, ttl_s=86_400)
    tokens.installation(token)
    keyring.rotate("token", int(clock.now), overlap_s=0)
    clock.now += ANNOUNCE_S

    with pytest.raises(Unauthenticated):
        tokens.installation(token)
