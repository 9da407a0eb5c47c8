import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.cli.places import run


def test_the_first_owner_is_made_once(here):
    """The token goes to standard output alone; a second bootstrap is refused with a way on."""
    made = here("admin", "bootstrap", "asha@small.example")
    assert made.stdout.count("\n") == 1
    assert made.stdout.startswith("eyJ")
    assert "herenow admin grant" in here("admin", "bootstrap", "ravi", expect=1).stderr


def test_bootstrap_is_done_on_the_machine(at_server):
    """Not from afar."""
    assert "own machine" in at_server("admin", "bootstrap", "asha", expect=2).stderr


def test_roles_are_given_listed_and_taken(herenow):
    """``none`` takes a role away."""
    told = herenow("admin", "grant", "ravi", "small-app/production", "publisher").stdout
    assert told == "ravi: publisher in small-app/production.\n"
    assert "publisher in small-app/production" in herenow("admin", "list").stdout
    assert herenow("admin", "grant", "ravi", "small-app/production", "none").stdout == "ravi: no role.\n"


def test_people_are_listed_for_programs(herenow):
    """As the admin plane answers them."""
    herenow("admin", "grant", "ravi", "small-app/*", "editor")
    told = json.loads(herenow("admin", "list", "--json").stdout)
    assert {"small-app/*": "editor"} in [each["grants"] for each in told["admins"]]


def test_nobody_yet_is_told_with_a_way_on(here):
    """An empty list is a sentence."""
    assert "herenow admin bootstrap" in here("admin", "list").stdout


def test_a_token_made_here_opens_the_server(herenow):
    """It stands alone on standard output."""
    herenow("admin", "grant", "ravi", "small-app/production", "viewer")
    assert herenow("admin", "token", "ravi").stdout.startswith("eyJ")
    assert "no admin 'nobody'" in herenow("admin", "token", "nobody", expect=1).stderr


def test_keys_are_made_listed_and_revoked(herenow):
    """The key alone goes to standard output; a secret one is later shown as a hint."""
    key = herenow("keys", "create", "--app", "small-app", "--label", "Android app").stdout.strip()
    secret = herenow("keys", "create", "--app", "small-app", "--kind", "secret").stdout.strip()
    assert key.startswith("pk_small-app_production_")
    assert secret.startswith("sk_small-app_production_")
    listed = herenow("keys", "list", "--app", "small-app").stdout
    assert key in listed
    assert secret not in listed
    told = json.loads(herenow("keys", "list", "--app", "small-app", "--json").stdout)["keys"]
    key_id = next(each["id"] for each in told if each["label"] == "Android app")
    assert "counts no longer" in herenow("keys", "revoke", key_id, "--app", "small-app").stdout
    assert "revoked 2" in herenow("keys", "list", "--app", "small-app").stdout


def test_a_key_to_sign_who_users_are(herenow, tmp_path):
    """Its id and the secret, or with a key pair of the backend's the id alone."""
    made = ("keys", "create", "--app", "small-app", "--kind", "user_token")
    key_id, secret = herenow(*made).stdout.split()
    pem = tmp_path / "backend.pem"
    pem.write_bytes(
        ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )

    (pair_id,) = herenow(*made, "--public-key", str(pem)).stdout.split()

    told = herenow("keys", "list", "--app", "small-app").stdout
    assert secret not in told
    assert {key_id, pair_id} <= set(told.split())
    assert "user_token" in herenow(*made[:-1], "secret", "--public-key", str(pem), expect=2).stderr


def test_no_key_yet_is_told_with_a_way_on(herenow):
    """An empty list is a sentence."""
    assert "herenow keys create" in herenow("keys", "list", "--app", "nothing").stdout


@pytest.mark.parametrize("purpose", ["token", "manifest"])
def test_the_servers_keys_are_rotated(herenow, purpose):
    """It is told when the new one begins to sign."""
    assert f"The {purpose} key " in herenow("keyring", "rotate", purpose).stdout


def test_a_stolen_manifest_key_is_revoked_once_another_is_announced(herenow):
    """The only one is not; the ring is listed with what each key does."""
    listed = json.loads(herenow("keyring", "list", "--json").stdout)
    stolen = next(key["kid"] for key in listed["keys"] if key["purpose"] == "manifest")
    assert "keyring rotate manifest" in herenow("keyring", "revoke", stolen, expect=1).stderr
    herenow("keyring", "rotate", "manifest")
    before = herenow("keyring", "list").stdout
    assert "manifest  signs\n" in before
    assert "manifest  signs from " in before
    assert f"key {stolen} is revoked; " in herenow("keyring", "revoke", stolen).stdout
    assert f"{stolen:<12}  manifest  revoked 2" in herenow("keyring", "list").stdout


def test_a_replaced_key_is_listed_until_it_retires(here):
    """It verifies for a time."""
    here("keyring", "rotate", "token")
    assert "token     signs from " in here("keyring", "list").stdout


def test_what_is_done_here_stands_in_the_audit_log(here):
    """Under the name given."""
    here("keys", "create", "--app", "small-app", by="ravi")
    assert "by" not in here("keys", "list", "--app", "small-app").stdout
    told = json.loads(here("keys", "list", "--app", "small-app", "--json").stdout)["keys"]
    assert told[0]["created_by"] == "ravi"


def test_a_server_needs_a_token_and_says_who_makes_one(at_server):
    """Missing and wrong tokens are told with a way on."""
    missing = run("releases", "--app", "small-app", "--server", at_server.url, expect=1).stderr
    assert "HERENOW_TOKEN" in missing
    wrong = run("releases", "--app", "x", "--server", at_server.url, "--token", "no.such.token", expect=1)
    assert "herenow admin token NAME" in wrong.stderr


def test_a_server_that_does_not_answer_is_told():
    """With what to look at."""
    told = run("admin", "list", "--server", "http://127.0.0.1:9", "--token", "t", expect=1).stderr
    assert "no server answers at http://127.0.0.1:9" in told


def test_at_a_server_the_token_says_who_one_is(at_server):
    """``--as`` is for this machine."""
    told = at_server("admin", "list", "--as", "somebody", expect=2).stderr
    assert "your token says who you are" in told


def test_a_role_too_small_is_told(at_server):
    """The server's own words."""
    at_server("admin", "grant", "vera", "small-app/production", "viewer")
    person = at_server.services.admins.get("vera")
    token = at_server.services.tokens.for_admin("vera", person.epoch, ttl_s=60)
    told = run(
        "keys", "create", "--app", "small-app", "--server", at_server.url, "--token", token, expect=1
    ).stderr
    assert "needs the role owner" in told
