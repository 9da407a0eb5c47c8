from dataclasses import replace

import pytest

from herenow.acquisition.adservices import accept_token
from herenow.acquisition.model import Acquisition
from herenow.acquisition.resolve import resolve
from herenow.errors import Conflict, Gone, NotFound
from herenow.intent.model import FacetMatch, Intent
from herenow.profiles.consent import effective_consent
from herenow.profiles.installation import MAX_TOUCHES, Installation, with_touch
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments
from herenow.storage.ports import Key

BITES = Scope("bites", "production")
ID = "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11"
NOW = 1_790_000_000
SEARCH = resolve({"query": "burgers in kandivali west"}, {})
INTENT = Intent(
    label="Burgers",
    facets=(FacetMatch("category", "burger", 1.0, (0, 7)),),
    place=None,
    modifiers=(),
    unparsed=(),
    confidence=1.0,
    explanation=(),
)


@pytest.fixture(name="documents")
def _documents() -> MemoryDocuments:
    return MemoryDocuments(lambda: NOW)


@pytest.fixture(name="store")
def _store(documents: MemoryDocuments) -> Installations:
    return Installations(documents, pepper=b"p" * 32, clock=lambda: NOW)


def searcher(store: Installations, *, personalization: str = "granted") -> Installation:
    """Somebody who came by a search."""
    keep = personalization == "granted"
    return Installation(
        id=ID,
        created_at=NOW,
        secret_hash=store.hash_secret("s" * 43),
        consent=effective_consent({"personalization": personalization}, {}),
        context={"platform": "android"},
        acquisition=SEARCH,
        intent=INTENT,
        touches=(SEARCH.as_touch(keep_text=keep),),
        pending=accept_token("c29tZSB0b2tlbg==", NOW),
    )


def test_an_installation_comes_back_as_it_was(store: Installations):
    """Everything survives the round trip when it may be kept."""
    created = store.create(BITES, searcher(store))

    assert store.get(BITES, ID) == created
    assert created.version == 1


def test_without_consent_no_trace_of_the_search_is_stored(store: Installations, documents: MemoryDocuments):
    """With personalization unknown neither the text nor what it meant reaches the store."""
    store.create(BITES, searcher(store, personalization="unknown"))

    stored = repr(documents.query(BITES.partition(f"installation#{ID}")).documents)
    assert "burger" not in stored
    assert "kandivali" not in stored


def test_the_secret_is_not_stored(store: Installations, documents: MemoryDocuments):
    """A keyed hash of it is."""
    store.create(BITES, searcher(store))

    assert "s" * 43 not in repr(documents.query(BITES.partition(f"installation#{ID}")).documents)


def test_a_secret_is_recognised_and_another_is_not(store: Installations):
    """The hash matches exactly one secret."""
    created = store.create(BITES, searcher(store))

    assert store.secret_matches(created, "s" * 43)
    assert not store.secret_matches(created, "s" * 42 + "t")


def test_an_id_is_taken_once(store: Installations):
    """Of two first launches with one id, one creates."""
    store.create(BITES, searcher(store))

    with pytest.raises(Conflict):
        store.create(BITES, searcher(store))


def test_a_change_is_applied_to_what_a_faster_request_left(store: Installations):
    """Nothing is lost when two requests change one installation."""
    stale = store.create(BITES, searcher(store))
    store.change(BITES, stale, lambda held: replace(held, epoch=held.epoch + 1))

    changed = store.change(BITES, stale, lambda held: replace(held, context={"platform": "ios"}))

    assert (changed.epoch, changed.context) == (2, {"platform": "ios"})
    assert store.get(BITES, ID) == changed


def test_a_change_that_changes_nothing_writes_nothing(store: Installations):
    """The version, and with it every validator, stays."""
    created = store.create(BITES, searcher(store))

    assert store.change(BITES, created, lambda held: held).version == created.version


def test_erasing_leaves_a_receipt_and_nothing_else(store: Installations, documents: MemoryDocuments):
    """Every record of the installation goes; the receipt says how many."""
    created = store.create(BITES, searcher(store))
    documents.put_if(Key(BITES.partition(f"installation#{ID}"), "profile"), {"tastes": ["burger"]})

    receipt = store.erase(BITES, ID)

    assert receipt.records == 2
    assert receipt.erased_at == NOW
    assert store.get(BITES, ID) is None
    with pytest.raises(Gone):
        store.change(BITES, created, lambda held: replace(held, epoch=9))


def test_an_erased_id_does_not_come_back(store: Installations):
    """Its keyed hash blocks it in its own scope, and gives the id to nobody."""
    store.create(BITES, searcher(store))
    store.refuse_erased(BITES, ID)
    store.erase(BITES, ID)

    with pytest.raises(Gone):
        store.refuse_erased(BITES, ID)
    store.refuse_erased(Scope("reels", "production"), ID)


def test_a_launch_overtaken_by_an_erasure_brings_nothing_back(store: Installations):
    """A launch that began before the id was created and erased ends after it: nothing is stored."""
    late = searcher(store)
    store.create(BITES, searcher(store))
    store.erase(BITES, ID)

    with pytest.raises(Gone):
        store.create(BITES, late)
    assert store.get(BITES, ID) is None


def test_many_records_are_erased_across_transactions(store: Installations, documents: MemoryDocuments):
    """An installation with more records than one transaction holds goes whole."""
    store.create(BITES, searcher(store))
    for number in range(250):
        documents.put_if(Key(BITES.partition(f"installation#{ID}"), f"x{number:04d}"), {})

    assert store.erase(BITES, ID).records == 251
    assert documents.query(BITES.partition(f"installation#{ID}")).documents == ()


def test_revoking_tokens_raises_the_epoch(store: Installations):
    """Tokens of the epoch before are refused from then on."""
    store.create(BITES, searcher(store))

    assert store.revoke_tokens(BITES, ID).epoch == 2
    with pytest.raises(NotFound):
        store.revoke_tokens(BITES, "somebody-else")


def test_one_app_never_reads_anothers_installation(store: Installations):
    """The same id in another app or environment is another installation."""
    store.create(BITES, searcher(store))

    assert store.get(Scope("bites", "staging"), ID) is None
    assert store.get(Scope("reels", "production"), ID) is None


def test_the_same_touch_is_recorded_once():
    """A retried request adds nothing."""
    touch = SEARCH.as_touch(keep_text=True)

    assert with_touch((touch,), touch) == (touch,)


def test_the_first_touch_and_the_latest_are_kept():
    """However many touches arrive, the first stays and the list is bounded."""
    touches = tuple(
        Acquisition("resolved", "query", text=f"q{number}").as_touch(keep_text=True) for number in range(80)
    )
    kept: tuple = ()
    for touch in touches:
        kept = with_touch(kept, touch)

    assert len(kept) == MAX_TOUCHES
    assert (kept[0], kept[-1]) == (touches[0], touches[-1])


def test_a_touch_told_again_with_its_text_stands_where_it_stood():
    """Once the text may be kept the touch gains it, and the order of touches stays."""
    without, other = {"touch_id": "a"}, {"touch_id": "b"}
    told = {"touch_id": "a-and-text", "text": "burgers"}

    assert with_touch((without, other), told, in_place_of="a") == (told, other)


def test_what_is_kept_in_memory_never_hides_a_change(store: Installations, documents: MemoryDocuments):
    """Another process's write is seen by the next read, and so is another life of the same id."""
    elsewhere = Installations(documents, pepper=b"p" * 32, clock=lambda: NOW)
    created = store.create(BITES, searcher(store))
    assert store.get(BITES, ID) is store.get(BITES, ID)

    elsewhere.change(BITES, created, lambda held: replace(held, context={"platform": "ios"}))
    assert store.get(BITES, ID).context == {"platform": "ios"}

    documents.delete_if(Key(BITES.partition(f"installation#{ID}"), "installation"))
    assert store.get(BITES, ID) is None
    other = replace(searcher(store), created_at=NOW + 1, secret_hash="another")
    store.create(BITES, other)
    elsewhere.change(BITES, elsewhere.get(BITES, ID), lambda held: replace(held, epoch=2))
    assert store.get(BITES, ID).secret_hash == "another"


def test_who_said_nothing_follows_the_policy_as_it_is_now(documents: MemoryDocuments):
    """A default is nobody's word: another policy changes it, and what the person said stays."""
    policy = {"consent": {"analytics": "granted", "push": "granted"}}
    store = Installations(documents, pepper=b"p" * 32, clock=lambda: NOW, policy_of=lambda _: policy)
    consent = effective_consent({"push": "granted"}, policy["consent"])
    store.create(BITES, replace(searcher(store), consent=consent, stated_at={"push": NOW}))
    before = store.get(BITES, ID)
    assert (before.consent["analytics"], before.consent["push"]) == ("granted", "granted")

    policy["consent"] = {"analytics": "denied", "push": "denied"}

    after = store.get(BITES, ID)
    assert (after.consent["analytics"], after.consent["push"]) == ("denied", "granted")
    changed = store.change(BITES, after, lambda held: replace(held, epoch=2))
    assert store.get(BITES, ID) == changed
