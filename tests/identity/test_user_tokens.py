import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from jwt.algorithms import HMACAlgorithm
from jwt.utils import base64url_encode
from tests.identity.conftest import BITES, REELS

from herenow.canonical import canonical_json
from herenow.errors import Invalid
from herenow.identity.keyring import KeyRing
from herenow.identity.keys import ApiKeys
from herenow.identity.user_tokens import UserTokens

OWN_KEY = ec.generate_private_key(ec.SECP256R1())
PEM = (
    OWN_KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


@pytest.fixture(name="keys")
def _keys(documents, clock) -> ApiKeys:
    return ApiKeys(documents, pepper=b"p" * 32, clock=clock)


@pytest.fixture(name="tokens")
def _tokens(keys: ApiKeys, keyring: KeyRing, clock) -> UserTokens:
    return UserTokens(keys, derive=keyring.derive, clock=clock)


def signed(clock, kid, secret, algorithm="HS256", **changes):
    """What a customer's backend signs, with changes; a claim of ``None`` is left out."""
    now = int(clock.now)
    claims = {"sub": "asha", "aud": "bites/production", "iat": now, "exp": now + 300, **changes}
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(told, secret, algorithm=algorithm, headers={"kid": kid} if kid else None)


def refused(tokens: UserTokens, token: str, scope=BITES) -> str:
    """The code with which a token is refused."""
    with pytest.raises(Invalid) as refusal:
        tokens.user(scope, token)
    return refusal.value.code


def test_a_secret_of_ours_proves_a_user(tokens, clock):
    """HS256 by the secret that was shown once."""
    key, secret = tokens.create_key(BITES, label="backend", by="ada")

    assert tokens.user(BITES, signed(clock, key.id, secret)) == "asha"


def test_a_key_pair_of_theirs_proves_a_user(tokens, clock):
    """ES256 by the private half that never left the backend; nothing secret is shown."""
    key, shown = tokens.create_key(BITES, label="backend", by="ada", public_key=PEM)

    assert shown == "ES256"
    assert tokens.user(BITES, signed(clock, key.id, OWN_KEY, "ES256")) == "asha"


def test_the_public_key_is_no_secret_to_sign_with(tokens, clock):
    """The algorithm is the key's: a token by HS256 over the public key does not count."""
    key, _ = tokens.create_key(BITES, label="", by="ada", public_key=PEM)
    header = {"alg": "HS256", "typ": "JWT", "kid": key.id}
    forged = _hs256_over(header, {"sub": "asha", "aud": "bites/production"}, clock, PEM.encode())

    assert refused(tokens, forged) == "INVALID_USER_TOKEN"


def _hs256_over(header, claims, clock, secret: bytes) -> str:
    """PyJWT refuses to sign with a public key, so this signs by hand."""
    claims = {**claims, "iat": int(clock.now), "exp": int(clock.now) + 60}
    content = b".".join(base64url_encode(canonical_json(each)) for each in (header, claims))
    return b".".join(
        (content, base64url_encode(HMACAlgorithm(HMACAlgorithm.SHA256).sign(content, secret)))
    ).decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"iat": None},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "u" * 201},
        {"sub": "\ud800"},
        {"aud": "reels/production"},
        {"aud": "bites/staging"},
        {"exp": 1_790_000_000 + 3601},
        {"iat": 1_790_000_000 + 61, "exp": 1_790_000_000 + 300},
        {"nbf": 1_790_000_000 + 61},
        {"exp": "soon"},
        {"iat": True},
    ],
)
def test_a_token_that_says_something_else_is_refused(tokens, clock, changes):
    """Every claim is there, of its type, of this app and environment, and of at most an hour."""
    key, secret = tokens.create_key(BITES, label="", by="ada")

    assert refused(tokens, signed(clock, key.id, secret, **changes)) == "INVALID_USER_TOKEN"


def test_a_token_ends(tokens, clock):
    """Past its expiry it says so by a code of its own."""
    key, secret = tokens.create_key(BITES, label="", by="ada")
    token = signed(clock, key.id, secret)
    clock.now += 300

    assert refused(tokens, token) == "EXPIRED_USER_TOKEN"


@pytest.mark.parametrize("kid", [None, "", "0" * 32, "nonsense", "x" * 5000, "ключ"])
def test_an_unknown_key_signs_nothing(tokens, clock, kid):
    """A token without a key's id, or with that of none, is refused."""
    _, secret = tokens.create_key(BITES, label="", by="ada")

    assert refused(tokens, signed(clock, kid, secret)) == "INVALID_USER_TOKEN"


@pytest.mark.parametrize("token", ["", "a.b.c", "nonsense", "x" * 5000, "e30.e30."])
def test_what_is_no_token_is_refused(tokens, token):
    """Whatever is shown as one and is none is refused alike."""
    assert refused(tokens, token) == "INVALID_USER_TOKEN"


def test_a_token_without_a_signature_is_refused(tokens, clock):
    """``none`` is no algorithm."""
    key, _ = tokens.create_key(BITES, label="", by="ada")

    assert refused(tokens, signed(clock, key.id, None, "none")) == "INVALID_USER_TOKEN"


def test_keys_are_rotated_by_making_changing_over_and_revoking(tokens, keys, clock):
    """Two count at once; the one that is revoked ends at once."""
    old, old_secret = tokens.create_key(BITES, label="2025", by="ada")
    new, new_secret = tokens.create_key(BITES, label="2026", by="ada")

    assert tokens.user(BITES, signed(clock, old.id, old_secret)) == "asha"
    keys.revoke(BITES, old.id)

    assert refused(tokens, signed(clock, old.id, old_secret)) == "INVALID_USER_TOKEN"
    assert tokens.user(BITES, signed(clock, new.id, new_secret)) == "asha"
    assert {each.label: each.revoked_at is None for each in keys.list(BITES)} == {"2025": False, "2026": True}


def test_a_key_of_one_app_signs_for_no_other(tokens, clock):
    """The same id elsewhere is no key, whatever the token claims."""
    key, secret = tokens.create_key(BITES, label="", by="ada")
    token = signed(clock, key.id, secret, aud=str(REELS))

    assert refused(tokens, token, REELS) == "INVALID_USER_TOKEN"


def test_the_store_holds_no_secret(tokens, keys, documents):
    """What is kept of a shared secret is a hint of its end."""
    key, secret = tokens.create_key(BITES, label="", by="ada")
    kept = documents.get(next(iter(documents.query(BITES.partition("keys")).documents)).key)

    assert secret not in str(kept)
    assert keys.get(BITES, key.id) == key


def test_a_key_opens_no_other_door(tokens, keys):
    """A user-token key is neither a publishable nor a secret one."""
    key, secret = tokens.create_key(BITES, label="", by="ada")

    for text in (key.id, secret, f"sk_bites_production_{key.id}"):
        for kind in ("publishable", "secret"):
            with pytest.raises(Exception, match="unknown or revoked"):
                keys.authenticate(text, kind)


@pytest.mark.parametrize(
    "pem",
    [
        "",
        "nonsense",
        PEM[:60],
        ec.generate_private_key(ec.SECP384R1())
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        ed25519.Ed25519PrivateKey.generate()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
    ],
)
def test_only_a_key_of_p256_is_taken(tokens, pem):
    """Any other is refused when it is registered, not when somebody signs in."""
    with pytest.raises(Invalid) as refusal:
        tokens.create_key(BITES, label="", by="ada", public_key=pem)

    assert refusal.value.code == "INVALID_PUBLIC_KEY"
