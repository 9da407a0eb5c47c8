"""Every adapter, over any sequence of operations, equals one dictionary."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from tests.depth import examples

from herenow.storage.ports import ABSENT, Check, Delete, Key, Put, VersionConflict

PARTITIONS = ("a", "a#", "b")
SORTS = ("1", "10", "1#", "é", "🍔")
KEYS = st.builds(Key, st.sampled_from(PARTITIONS), st.sampled_from(SORTS))
VALUES = st.dictionaries(
    st.sampled_from(["n", "t", "x.y"]), st.integers(-5, 5) | st.text(max_size=3) | st.none(), max_size=3
)
WANTED = st.sampled_from(["any", "absent", "current", "stale"])
LIFETIMES = st.none() | st.integers(1, 20)


@dataclass
class Entry:
    """What the model holds under a key."""

    value: dict
    version: int
    expires_at: int | None


class Model:
    """The port's rules in a dictionary: expired entries are forgotten before every operation."""

    def __init__(self, clock):
        self._clock = clock
        self._entries = {}

    @property
    def live(self):
        """The entries that have not expired."""
        now = self._clock()
        self._entries = {k: e for k, e in self._entries.items() if e.expires_at is None or e.expires_at > now}
        return self._entries

    def version(self, key):
        """The current version, ABSENT for none."""
        return self.live[key].version if key in self.live else ABSENT

    def wanted(self, key, wish):
        """The version that ``wish`` means for ``key`` at the moment."""
        current = self.version(key)
        return {"any": None, "absent": ABSENT, "current": current, "stale": current + 1}[wish]

    def holds(self, key, wanted):
        """Whether a condition on ``wanted`` is met."""
        return wanted is None or wanted == self.version(key)

    def put(self, key, value, expires_at):
        """Store and return the new version."""
        self.live[key] = Entry(dict(value), self.version(key) + 1, expires_at)
        return self._entries[key].version

    def apply(self, write):
        """Carry one write of a transaction out."""
        if isinstance(write, Put):
            self.put(write.key, write.value, write.expires_at)
        elif isinstance(write, Delete):
            self.live.pop(write.key, None)


class Comparison(RuleBasedStateMachine):
    """Operations on both; answers and conflicts must agree. A subclass says how a store is made."""

    make = None
    new_clock = None

    @initialize()
    def start(self):
        """An empty store and an empty model under one clock."""
        self.clock = self.new_clock()
        self.store, self.model = self.make(self.clock), Model(self.clock)

    def expiry(self, lifetime):
        """Epoch seconds from now."""
        return None if lifetime is None else int(self.clock.now) + lifetime

    @rule(key=KEYS, value=VALUES, wish=WANTED, lifetime=LIFETIMES)
    def put(self, key, value, wish, lifetime):
        """put_if returns the model's version or conflicts where the model does."""
        wanted, expires_at = self.model.wanted(key, wish), self.expiry(lifetime)
        if not self.model.holds(key, wanted):
            with pytest.raises(VersionConflict):
                self.store.put_if(key, value, version=wanted, expires_at=expires_at)
            return
        written = self.store.put_if(key, value, version=wanted, expires_at=expires_at)
        assert written == self.model.put(key, value, expires_at)

    @rule(key=KEYS, wish=WANTED)
    def delete(self, key, wish):
        """delete_if removes or conflicts where the model does."""
        wanted = self.model.wanted(key, wish)
        if not self.model.holds(key, wanted):
            with pytest.raises(VersionConflict):
                self.store.delete_if(key, version=wanted)
            return
        self.store.delete_if(key, version=wanted)
        self.model.live.pop(key, None)

    @rule(key=KEYS, amount=st.integers(-3, 3), lifetime=LIFETIMES)
    def increment(self, key, amount, lifetime):
        """The sum is the model's; a field that is no integer is refused."""
        entry = self.model.live.get(key) or Entry({}, ABSENT, self.expiry(lifetime))
        held = entry.value.get("n", 0)
        if not isinstance(held, int):
            with pytest.raises(ValueError, match="integer"):
                self.store.increment(key, "n", amount, expires_at=self.expiry(lifetime))
            return
        total = self.store.increment(key, "n", amount, expires_at=self.expiry(lifetime))
        assert total == held + amount
        self.model.put(key, {**entry.value, "n": total}, entry.expires_at)

    @rule(
        chosen=st.lists(
            st.tuples(KEYS, st.sampled_from([Put, Delete, Check]), WANTED, VALUES, LIFETIMES),
            unique_by=lambda one: one[0],
            max_size=4,
        )
    )
    def transact(self, chosen):
        """All conditions hold and all is written, or a conflict and nothing is."""
        writes = [self.write(*one) for one in chosen]
        if not all(self.model.holds(write.key, write.version) for write in writes):
            with pytest.raises(VersionConflict):
                self.store.transact(writes)
            return
        self.store.transact(writes)
        for write in writes:
            self.model.apply(write)

    def write(self, key, kind, wish, value, lifetime):
        """One write of a transaction."""
        wanted = self.model.wanted(key, wish)
        if kind is Put:
            return Put(key, value, wanted, self.expiry(lifetime))
        return Delete(key, wanted) if kind is Delete else Check(key, wanted or ABSENT)

    @rule(seconds=st.integers(1, 8))
    def wait(self, seconds):
        """Time passes, documents expire."""
        self.clock.advance(seconds)

    @rule(
        partition=st.sampled_from(PARTITIONS),
        prefix=st.sampled_from(["", "1", "é", "2"]),
        limit=st.integers(1, 3),
        reverse=st.booleans(),
    )
    def query(self, partition, prefix, limit, reverse):
        """All pages together are the model's entries in the order of the bytes."""
        expected = sorted(
            (k.sort for k in self.model.live if k.partition == partition and k.sort.startswith(prefix)),
            key=str.encode,
            reverse=reverse,
        )
        found, cursor, more = [], None, True
        while more:
            page = self.store.query(partition, prefix=prefix, limit=limit, cursor=cursor, reverse=reverse)
            found += [document.key.sort for document in page.documents]
            cursor, more = page.cursor, page.cursor is not None
        assert found == expected

    @invariant()
    def same_documents(self):
        """Every key reads the same from both."""
        keys = [Key(partition, sort) for partition in PARTITIONS for sort in SORTS]
        found = self.store.batch_get(keys)
        assert {k: Entry(d.value, d.version, d.expires_at) for k, d in found.items()} == self.model.live


EFFORT = {"memory": (25, 30), "sqlite": (25, 30), "dynamodb": (5, 15)}
"""Examples and steps by adapter: DynamoDB answers over HTTP."""


@pytest.mark.hypothesis
def test_equals_a_dictionary(documents_maker, clock):
    """No sequence of operations tells an adapter from the model."""
    tries, steps = EFFORT[documents_maker.name]
    run_state_machine_as_test(
        type("Bound", (Comparison,), {"make": staticmethod(documents_maker), "new_clock": type(clock)}),
        settings=settings(
            max_examples=examples(tries),
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
