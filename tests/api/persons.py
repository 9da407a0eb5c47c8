"""Users of Bites as its own backend knows them: it signs who they are with a key that it was given."""

from typing import Any

import jwt
from tests.api.conftest import Live

BACKEND = "tests' backend"


def user_token(live: Live, user: str, **claims: Any) -> str:
    """A token that proves ``user``, by the one key of Bites's backend."""
    key_id, secret = _key(live)
    now = int(live.services.clock())
    told = {"sub": user, "aud": str(live.scope), "iat": now, "exp": now + 300, **claims}
    return jwt.encode(told, secret, algorithm="HS256", headers={"kid": key_id})


def sign_in(live: Live, launched: Any, user: str) -> Any:
    """``POST /v1/identify`` by the installation of a launch."""
    body = {"user_token": user_token(live, user)}
    return live.client.post("/v1/identify", json=body, headers=live.bearer(launched))


def sign_out(live: Live, launched: Any) -> Any:
    """``DELETE /v1/identify`` by the installation of a launch."""
    return live.client.delete("/v1/identify", headers=live.bearer(launched))


def subject(live: Live, user: str) -> str:
    """The pseudonym of a user."""
    return live.services.subjects.of(live.scope, "proven", user)


def _key(live: Live) -> tuple[str, str]:
    tokens = live.services.user_tokens
    known = (each for each in live.services.keys.list(live.scope) if each.label == BACKEND)
    key = next(known, None)
    if key is not None:
        return key.id, tokens._secret(live.scope, key.id)
    made, secret = tokens.create_key(live.scope, label=BACKEND, by="owner")
    return made.id, secret
