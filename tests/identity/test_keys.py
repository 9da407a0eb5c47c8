import pytest

from herenow.errors import Invalid, NotFound, Unauthenticated
from herenow.identity.keys import ApiKeys
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments

BITES = Scope("bites", "production")
STAGING = Scope("bites", "staging")


@pytest.fixture(name="keys")
def _keys(documents: MemoryDocuments, clock) -> ApiKeys:
    return ApiKeys(documents, pepper=b"p" * 32, clock=clock)


def test_a_key_names_its_app_and_environment(keys: ApiKeys):
    """A publishable key is recognised as its pair's."""
    _, text = keys.create(BITES, "publishable", label="android", by="ada")

    assert text.startswith("pk_bites_production_")
    assert keys.authenticate(text, "publishable") == BITES


def test_a_key_is_of_one_kind(keys: ApiKeys):
    """A secret key does not open what a publishable key opens."""
    _, text = keys.create(BITES, "secret", label="till", by="ada")

    with pytest.raises(Unauthenticated):
        keys.authenticate(text, "publishable")


@pytest.mark.parametrize(
    "text", ["", "pk_", "pk_bites_production_" + "x" * 32, "pk__production_", "ключ", "p" * 9000]
)
def test_an_unknown_key_is_refused(keys: ApiKeys, text: str):
    """Whatever is shown as a key and is none is refused alike."""
    with pytest.raises(Unauthenticated) as refusal:
        keys.authenticate(text, "publishable")

    assert refusal.value.code == "INVALID_KEY"


def test_a_key_relabelled_for_another_environment_is_refused(keys: ApiKeys):
    """The pair in a key's text cannot be exchanged for another."""
    _, text = keys.create(BITES, "publishable", label="", by="ada")

    with pytest.raises(Unauthenticated):
        keys.authenticate(text.replace("production", "staging"), "publishable")


def test_a_revoked_key_ends_at_once_and_stays_listed(keys: ApiKeys, clock):
    """After revocation the next request is refused; the list tells when."""
    key, text = keys.create(BITES, "publishable", label="old", by="ada")

    keys.revoke(BITES, key.id)

    with pytest.raises(Unauthenticated):
        keys.authenticate(text, "publishable")
    assert [(each.label, each.revoked_at) for each in keys.list(BITES)] == [("old", int(clock.now))]


def test_revoking_twice_keeps_the_first_instant(keys: ApiKeys, clock):
    """A second revocation changes nothing."""
    key, _ = keys.create(BITES, "publishable", label="", by="ada")
    first = keys.revoke(BITES, key.id).revoked_at
    clock.now += 60

    assert keys.revoke(BITES, key.id).revoked_at == first


def test_another_pairs_key_is_not_found(keys: ApiKeys):
    """An admin of one environment cannot revoke the key of another."""
    key, _ = keys.create(BITES, "publishable", label="", by="ada")

    with pytest.raises(NotFound):
        keys.revoke(STAGING, key.id)


def test_the_text_of_a_secret_key_is_not_stored(keys: ApiKeys, documents: MemoryDocuments):
    """Neither store nor list gives a secret key away."""
    _, text = keys.create(BITES, "secret", label="till", by="ada")

    stored = documents.query(BITES.partition("keys")).documents
    assert text[-32:] not in repr(stored)
    assert text not in repr(keys.list(BITES))


def test_a_label_is_bounded(keys: ApiKeys):
    """A label is a name, not a document."""
    with pytest.raises(Invalid):
        keys.create(BITES, "secret", label="x" * 81, by="ada")
