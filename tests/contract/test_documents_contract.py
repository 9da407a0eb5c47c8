"""What every adapter of the documents port does, operation by operation."""

import pytest

from herenow.storage.ports import (
    ABSENT,
    MAX_BATCH_GET,
    MAX_DOCUMENT_BYTES,
    MAX_TRANSACTION,
    MAX_TRANSACTION_BYTES,
    Check,
    Delete,
    Document,
    DocumentTooLarge,
    Key,
    Put,
    VersionConflict,
)

A = Key("bites#production#profiles", "a")
B = Key("bites#production#profiles", "b")


def sorts(documents, partition="p", **query):
    """The sort keys of all pages of a query, in the order they come."""
    found, cursor = [], None
    while True:
        page = documents.query(partition, cursor=cursor, **query)
        found.extend(document.key.sort for document in page.documents)
        cursor = page.cursor
        if cursor is None:
            return found


class TestGetAndPut:
    """Writing and reading one document."""

    def test_what_was_never_written_is_none(self, documents):
        """A key without a document gives None."""
        assert documents.get(A) is None

    def test_a_document_comes_back_as_written(self, documents, clock):
        """Value, version and expiry survive the round trip."""
        value = {"n": 1, "x": 1.5, "t": True, "z": None, "list": [1, {"a": "ü"}], "deep": {"n": 2}}
        documents.put_if(A, value, expires_at=int(clock.now) + 60)
        assert documents.get(A) == Document(A, value, 1, int(clock.now) + 60)

    @pytest.mark.parametrize(
        "value",
        [
            {},
            {"": 1, "empty": "", "list": [], "object": {}},
            {"big": 2**70, "negative": -5, "zero": 0, "large": 2**62},
            {"text": 'नमस्ते 🍔 \u0000 " \\ \u2028', "ключ": [None, False]},
            {"float": 1e300, "tiny": 5e-324, "one": 1.0},
            {"a.b": 1, "#c": 2, ":d": 3, "with space": 4},
        ],
    )
    def test_any_json_object_is_kept_exactly(self, documents, value):
        """Empty, large, non-Latin and oddly named members come back with value and type."""
        documents.put_if(A, value)
        found = documents.get(A).value
        assert found == value
        assert {name: type(part) for name, part in found.items()} == {n: type(v) for n, v in value.items()}

    def test_every_write_adds_one_to_the_version(self, documents):
        """put_if returns 1, 2, 3 and get shows the last."""
        assert [documents.put_if(A, {"n": n}) for n in range(3)] == [1, 2, 3]
        assert documents.get(A).version == 3

    def test_writing_replaces_the_whole_value(self, documents):
        """No member of the earlier value shines through."""
        documents.put_if(A, {"old": 1, "both": 1, "text": "old"})
        documents.put_if(A, {"both": 2})
        assert documents.get(A).value == {"both": 2}

    def test_what_a_caller_does_to_a_value_stays_with_the_caller(self, documents):
        """Neither the value handed in nor the one handed out is the stored one."""
        value = {"list": [1]}
        documents.put_if(A, value)
        value["list"].append(2)
        documents.get(A).value["list"].append(3)
        assert documents.get(A).value == {"list": [1]}

    def test_a_write_without_expiry_takes_the_expiry_away(self, documents, clock):
        """expires_at belongs to the write, not to the document."""
        documents.put_if(A, {}, expires_at=int(clock.now) + 5)
        documents.put_if(A, {})
        clock.advance(10)
        assert documents.get(A) == Document(A, {}, 2)

    def test_a_key_is_both_its_halves(self, documents):
        """The same sort key in two partitions names two documents, however the halves meet."""
        keys = [Key("a", "b#c"), Key("a#b", "c"), Key("a", "c"), Key("a#", "b")]
        for number, key in enumerate(keys):
            documents.put_if(key, {"n": number})
        assert [documents.get(key).value["n"] for key in keys] == [0, 1, 2, 3]


class TestConditions:
    """Versions decide who may write and remove."""

    def test_absent_creates_once(self, documents):
        """put_if ABSENT succeeds on a free key and conflicts on a taken one."""
        assert documents.put_if(A, {"n": 1}, version=ABSENT) == 1
        with pytest.raises(VersionConflict):
            documents.put_if(A, {"n": 2}, version=ABSENT)
        assert documents.get(A).value == {"n": 1}

    def test_the_current_version_may_write(self, documents):
        """put_if at the version just read succeeds and gives the next."""
        version = documents.put_if(A, {"n": 1})
        assert documents.put_if(A, {"n": 2}, version=version) == 2

    @pytest.mark.parametrize("version", [1, 3, 99])
    def test_another_version_conflicts_and_writes_nothing(self, documents, version):
        """A stale or invented version leaves the document as it is."""
        documents.put_if(A, {"n": 1})
        documents.put_if(A, {"n": 2})
        with pytest.raises(VersionConflict):
            documents.put_if(A, {"n": 3}, version=version)
        assert documents.get(A) == Document(A, {"n": 2}, 2)

    def test_a_version_of_nothing_conflicts(self, documents):
        """put_if at version 1 of a free key writes nothing."""
        with pytest.raises(VersionConflict):
            documents.put_if(A, {}, version=1)
        assert documents.get(A) is None

    def test_delete_removes(self, documents):
        """A deleted document is gone, and the next one begins at version 1."""
        documents.put_if(A, {})
        documents.put_if(A, {})
        documents.delete_if(A)
        assert documents.get(A) is None
        assert documents.put_if(A, {}) == 1

    def test_deleting_nothing_is_fine(self, documents):
        """Without a version absence is what was wanted."""
        documents.delete_if(A)
        documents.delete_if(A, version=ABSENT)

    def test_delete_at_another_version_conflicts(self, documents):
        """Neither a wrong version nor ABSENT removes a document that is there."""
        documents.put_if(A, {})
        for version in (ABSENT, 2):
            with pytest.raises(VersionConflict):
                documents.delete_if(A, version=version)
        assert documents.get(A) is not None
        documents.delete_if(A, version=1)
        with pytest.raises(VersionConflict):
            documents.delete_if(A, version=1)


class TestExpiry:
    """Expired is absent, for every operation, from the second of the expiry on."""

    @pytest.fixture
    def expired(self, documents, clock):
        """``A`` has just expired at version 2; ``B`` lives."""
        documents.put_if(A, {"n": 1})
        documents.put_if(A, {"n": 7, "text": "old"}, expires_at=int(clock.now) + 10)
        documents.put_if(B, {})
        clock.advance(10)
        return documents

    def test_a_document_lives_until_its_expiry(self, documents, clock):
        """It is there a moment before and absent at the very second."""
        documents.put_if(A, {}, expires_at=int(clock.now) + 10)
        clock.advance(9.9)
        assert documents.get(A) is not None
        clock.advance(0.1)
        assert documents.get(A) is None

    def test_reads_do_not_see_it(self, expired):
        """get, batch_get and query skip it."""
        assert expired.get(A) is None
        assert list(expired.batch_get([A, B])) == [B]
        assert sorts(expired, A.partition) == ["b"]

    def test_it_can_be_created_anew(self, expired):
        """put_if ABSENT succeeds and begins at version 1."""
        assert expired.put_if(A, {"n": 2}, version=ABSENT) == 1
        assert expired.get(A) == Document(A, {"n": 2}, 1)

    def test_an_unconditional_write_begins_at_version_one(self, expired):
        """The versions of the expired document are not continued."""
        assert expired.put_if(A, {"n": 2}) == 1
        assert expired.get(A) == Document(A, {"n": 2}, 1)

    def test_its_version_no_longer_holds(self, expired):
        """put_if, delete_if, Put, Delete and Check at its version conflict."""
        with pytest.raises(VersionConflict):
            expired.put_if(A, {}, version=2)
        with pytest.raises(VersionConflict):
            expired.delete_if(A, version=2)
        for write in (Put(A, {}, version=2), Delete(A, version=2), Check(A, 2)):
            with pytest.raises(VersionConflict):
                expired.transact([write])

    def test_increment_begins_at_zero(self, expired, clock):
        """Nothing of the expired value is carried over, its expiry neither."""
        assert expired.increment(A, "n", 3, expires_at=int(clock.now) + 50) == 3
        assert expired.get(A) == Document(A, {"n": 3}, 1, int(clock.now) + 50)

    def test_transact_treats_it_as_absent(self, expired):
        """Check ABSENT, Put ABSENT and an unconditional Put all succeed, the latter at version 1."""
        expired.transact([Check(A, ABSENT), Put(B, {"b": 1})])
        expired.transact([Put(A, {"n": 1})])
        assert expired.get(A) == Document(A, {"n": 1}, 1)
        assert expired.get(B) == Document(B, {"b": 1}, 2)

    def test_transact_may_create_it(self, expired):
        """Put ABSENT in a transaction begins at version 1."""
        expired.transact([Put(A, {"n": 1}, version=ABSENT), Delete(B)])
        assert expired.get(A) == Document(A, {"n": 1}, 1)

    def test_deleting_it_is_fine(self, expired):
        """Without a version, and with ABSENT."""
        expired.delete_if(A, version=ABSENT)
        expired.delete_if(A)


class TestBatchGet:
    """Many keys in one call."""

    def test_finds_those_that_exist(self, documents):
        """Missing keys are left out; partitions may differ."""
        other = Key("elsewhere", "x")
        documents.put_if(A, {"n": 1})
        documents.put_if(other, {"n": 2})
        found = documents.batch_get([A, B, other])
        assert {key: document.value["n"] for key, document in found.items()} == {A: 1, other: 2}

    def test_a_repeated_key_is_read_once(self, documents):
        """Asking twice is no error."""
        documents.put_if(A, {})
        assert list(documents.batch_get([A, A])) == [A]

    def test_nothing_asked_nothing_found(self, documents):
        """No keys give no documents."""
        assert documents.batch_get([]) == {}

    def test_bounds_the_number_of_keys(self, documents):
        """MAX_BATCH_GET keys are answered, one more is a ValueError."""
        keys = [Key("p", f"{n:03}") for n in range(MAX_BATCH_GET + 1)]
        documents.transact([Put(key, {}) for key in keys[:MAX_BATCH_GET]])
        assert len(documents.batch_get(keys[:MAX_BATCH_GET])) == MAX_BATCH_GET
        with pytest.raises(ValueError, match="at most"):
            documents.batch_get(keys)


class TestIncrement:
    """Counters inside a document."""

    def test_creates_document_and_field_at_zero(self, documents):
        """The first increment returns its amount, and the document holds it."""
        assert documents.increment(A, "count") == 1
        assert documents.get(A) == Document(A, {"count": 1}, 1)

    def test_adds_and_counts_as_a_write(self, documents):
        """Sums of positive and negative amounts; the version moves each time."""
        assert [documents.increment(A, "count", amount) for amount in (5, -7, 0)] == [5, -2, -2]
        assert documents.get(A).version == 3

    def test_continues_a_number_that_was_put(self, documents):
        """An integer written by put_if is counted up; its neighbours stay."""
        documents.put_if(A, {"count": 40, "name": "x", "other": 1})
        assert documents.increment(A, "count", 2) == 42
        assert documents.increment(A, "fresh", 9) == 9
        assert documents.get(A) == Document(A, {"count": 42, "name": "x", "other": 1, "fresh": 9}, 3)

    def test_keeps_the_expiry_of_the_document(self, documents, clock):
        """expires_at is taken when the document is created and ignored afterwards."""
        first = int(clock.now) + 10
        documents.increment(A, "count", expires_at=first)
        documents.increment(A, "count", expires_at=first + 100)
        assert documents.get(A).expires_at == first
        documents.put_if(B, {})
        documents.increment(B, "count", expires_at=first)
        assert documents.get(B).expires_at is None

    @pytest.mark.parametrize("held", ["5", 1.5, True, None, [], 2**63])
    def test_refuses_a_field_that_is_no_integer(self, documents, held):
        """Text, fractions, booleans and numbers beyond 64 bits stay what they are."""
        documents.put_if(A, {"field": held})
        with pytest.raises(ValueError, match="field"):
            documents.increment(A, "field")
        assert documents.get(A) == Document(A, {"field": held}, 1)

    @pytest.mark.parametrize(("field", "amount"), [("", 1), ("n", True), ("n", 1.0), ("n", 2**63)])
    def test_refuses_a_nameless_field_and_odd_amounts(self, documents, field, amount):
        """A counter has a name and grows by integers of 64 bits."""
        with pytest.raises(ValueError):  # noqa: PT011  one rule, several sentences
            documents.increment(A, field, amount)


class TestQuery:
    """Ranges of one partition, page by page."""

    def fill(self, documents, keys, partition="p"):
        """Store an empty document under each sort key."""
        for start in range(0, len(keys), MAX_TRANSACTION):
            documents.transact(
                [Put(Key(partition, sort), {"s": sort}) for sort in keys[start : start + MAX_TRANSACTION]]
            )

    def test_an_empty_partition_has_an_empty_page(self, documents):
        """No documents, no cursor."""
        page = documents.query("nobody")
        assert (page.documents, page.cursor) == ((), None)

    def test_sorts_by_utf8_bytes(self, documents):
        """Code points decide: digits, upper, lower, accents, private use, emoji; prefixes first."""
        keys = ["z", "Z", "é", "a", "", "0", "ab", "a\u0000", "🍔", "\uffff", "\ue000", "~", "aa"]
        keys.remove("")
        self.fill(documents, keys)
        expected = sorted(keys, key=str.encode)
        assert sorts(documents) == expected
        assert sorts(documents, reverse=True) == expected[::-1]

    @pytest.mark.parametrize("prefix", ["", "a", "a#", "é", "\ud7ff", "\U0010ffff", "🍔", "nothing"])
    def test_prefix_limits_the_range(self, documents, prefix):
        """Exactly the keys that begin with the prefix, whatever character follows it, from either end."""
        keys = ["a", "a#", "a#1", "a$", "ab", "b", "é", "é1", "ê", "\ud7ff1", "\ue000", "🍔x", "🍕"]
        keys += ["\U0010ffff", "\U0010ffffz"]
        self.fill(documents, keys)
        expected = sorted((key for key in keys if key.startswith(prefix)), key=str.encode)
        assert sorts(documents, prefix=prefix) == expected
        assert sorts(documents, prefix=prefix, reverse=True) == expected[::-1]

    @pytest.mark.parametrize("reverse", [False, True])
    @pytest.mark.parametrize("limit", [1, 3, 7, 1000])
    def test_pages_hold_everything_once(self, documents, limit, reverse):
        """Following the cursors gives every document once, in order, never more than the limit."""
        keys = [f"k{n:02}" for n in range(7)]
        self.fill(documents, ["j", *keys, "l"])
        found, cursor = [], None
        while True:
            page = documents.query("p", prefix="k", limit=limit, cursor=cursor, reverse=reverse)
            assert len(page.documents) <= limit
            found += [document.key.sort for document in page.documents]
            cursor = page.cursor
            if cursor is None:
                break
        assert found == (keys[::-1] if reverse else keys)

    def test_a_page_goes_on_when_its_last_document_is_gone(self, documents):
        """A cursor is a position, not a document."""
        self.fill(documents, ["a", "b", "c"])
        page = documents.query("p", limit=2)
        documents.delete_if(page.documents[-1].key)
        assert [d.key.sort for d in documents.query("p", cursor=page.cursor).documents] == ["c"]

    def test_a_cursor_sees_what_was_written_behind_it(self, documents):
        """Documents added after the position appear, those before it do not."""
        self.fill(documents, ["b", "c", "e"])
        page = documents.query("p", limit=2)
        self.fill(documents, ["a", "d"])
        assert [d.key.sort for d in documents.query("p", cursor=page.cursor).documents] == ["d", "e"]

    def test_partitions_never_leak_into_each_other(self, documents):
        """Neither a partition that begins like another nor one its prefix spells shows up."""
        for partition in ("a", "a#", "a#b", "ab", "A"):
            self.fill(documents, [f"in {partition}", "#x"], partition)
        for partition in ("a", "a#", "a#b", "ab", "A"):
            assert sorts(documents, partition) == ["#x", f"in {partition}"]

    @pytest.mark.parametrize("cursor", ["", "x", "!!!", "AAAAAAAAAAAAAAAA", "é", "YWJj\n", "A" * 5000])
    def test_refuses_what_is_no_cursor(self, documents, cursor):
        """Invented cursors are a ValueError."""
        self.fill(documents, ["a"])
        with pytest.raises(ValueError, match="cursor"):
            documents.query("p", cursor=cursor)

    @pytest.mark.parametrize(
        "other",
        [
            {"partition": "q"},
            {"partition": "p", "prefix": "k"},
            {"partition": "p", "prefix": "", "reverse": True},
        ],
    )
    def test_refuses_the_cursor_of_another_query(self, documents, other):
        """A cursor holds for its partition, prefix and direction only."""
        self.fill(documents, ["k1", "k2", "k3"])
        cursor = documents.query("p", limit=1).cursor
        with pytest.raises(ValueError, match="another query"):
            documents.query(cursor=cursor, **other)

    def test_refuses_an_altered_cursor(self, documents):
        """Changing any one character makes it foreign."""
        self.fill(documents, ["k1", "k2", "k3"])
        cursor = documents.query("p", limit=1).cursor
        for index in range(len(cursor)):
            altered = cursor[:index] + ("A" if cursor[index] != "A" else "B") + cursor[index + 1 :]
            with pytest.raises(ValueError, match="cursor"):
                documents.query("p", cursor=altered)

    @pytest.mark.parametrize("limit", [0, -1, 1001])
    def test_bounds_the_limit(self, documents, limit):
        """1 to 1,000."""
        with pytest.raises(ValueError, match="limit"):
            documents.query("p", limit=limit)

    def test_large_documents_end_a_page_early(self, documents):
        """A page stays near 1 MiB and its cursor leads to the rest."""
        for n in range(5):
            documents.put_if(Key("p", str(n)), {"text": "x" * 300_000})
        page = documents.query("p")
        assert len(page.documents) < 5
        assert page.cursor
        assert sorts(documents) == ["0", "1", "2", "3", "4"]


class TestTransact:
    """All or nothing."""

    def test_writes_all(self, documents):
        """Put, Delete and Check of several partitions take effect together."""
        gone, seen = Key("q", "gone"), Key("r", "seen")
        documents.put_if(gone, {})
        documents.put_if(seen, {})
        documents.transact([Put(A, {"n": 1}), Put(B, {}, ABSENT), Delete(gone, 1), Check(seen, 1)])
        assert documents.get(A) == Document(A, {"n": 1}, 1)
        assert documents.get(B).version == 1
        assert documents.get(gone) is None
        assert documents.get(seen).version == 1

    def test_keeps_expiry_and_continues_versions(self, documents, clock):
        """A Put in a transaction is the put_if of the same arguments."""
        documents.put_if(A, {"n": 1, "old": True})
        documents.transact([Put(A, {"n": 2}, expires_at=int(clock.now) + 9), Put(B, {"n": 1}, ABSENT)])
        assert documents.get(A) == Document(A, {"n": 2}, 2, int(clock.now) + 9)

    @pytest.mark.parametrize(
        "failing", [Put(B, {}, ABSENT), Put(B, {}, 5), Delete(B, 5), Check(B, ABSENT), Check(B, 2)]
    )
    def test_one_conflict_undoes_all(self, documents, failing):
        """Whichever write fails, and wherever it stands, nothing is written."""
        documents.put_if(B, {"n": 1})
        for writes in ([Put(A, {}), failing], [failing, Put(A, {}), Delete(Key("p", "x"))]):
            with pytest.raises(VersionConflict):
                documents.transact(writes)
        assert documents.get(A) is None
        assert documents.get(B) == Document(B, {"n": 1}, 1)

    def test_nothing_to_write_is_fine(self, documents):
        """An empty transaction succeeds."""
        documents.transact([])

    def test_refuses_a_repeated_key(self, documents):
        """Even of different kinds; nothing is written."""
        with pytest.raises(ValueError, match="once"):
            documents.transact([Put(A, {}), Check(A, ABSENT)])
        assert documents.get(A) is None

    def test_bounds_the_number_of_writes(self, documents):
        """MAX_TRANSACTION writes succeed, one more is a ValueError."""
        writes = [Put(Key("p", f"{n:03}"), {}) for n in range(MAX_TRANSACTION + 1)]
        documents.transact(writes[:MAX_TRANSACTION])
        with pytest.raises(ValueError, match="at most"):
            documents.transact(writes)
        assert len(sorts(documents)) == MAX_TRANSACTION

    def test_bounds_the_bytes_of_all_writes(self, documents):
        """Values that together exceed MAX_TRANSACTION_BYTES are refused before anything is written."""
        size = MAX_DOCUMENT_BYTES - 100
        writes = [Put(Key("p", str(n)), {"t": "x" * size}) for n in range(MAX_TRANSACTION_BYTES // size + 1)]
        with pytest.raises(DocumentTooLarge):
            documents.transact(writes)
        assert sorts(documents) == []


class TestBounds:
    """What can be stored at all."""

    def test_a_document_of_the_largest_size_is_kept(self, documents):
        """MAX_DOCUMENT_BYTES of compact JSON fit; one byte more is refused and changes nothing."""
        largest = {"t": "x" * (MAX_DOCUMENT_BYTES - len('{"t":""}'))}
        documents.put_if(A, largest)
        with pytest.raises(DocumentTooLarge):
            documents.put_if(A, {"t": largest["t"] + "x"})
        with pytest.raises(DocumentTooLarge):
            documents.transact([Put(B, {}), Put(A, {"t": largest["t"] + "x"})])
        assert documents.get(A) == Document(A, largest, 1)
        assert documents.get(B) is None

    def test_size_is_counted_in_bytes(self, documents):
        """Text of another script counts what it takes in UTF-8."""
        with pytest.raises(DocumentTooLarge):
            documents.put_if(A, {"t": "é" * (MAX_DOCUMENT_BYTES // 2)})

    @pytest.mark.parametrize("key", [Key("", "s"), Key("p", ""), Key("p" * 2049, "s"), Key("p", "é" * 513)])
    def test_refuses_impossible_keys(self, documents, key):
        """Empty or over-long halves are a ValueError of every operation."""
        operations = [
            lambda: documents.get(key),
            lambda: documents.batch_get([key]),
            lambda: documents.put_if(key, {}),
            lambda: documents.delete_if(key),
            lambda: documents.increment(key, "n"),
            lambda: documents.transact([Check(key, ABSENT)]),
        ]
        for operation in operations:
            with pytest.raises(ValueError, match="bytes"):
                operation()

    def test_keys_of_the_largest_size_work(self, documents):
        """2,048 bytes of partition and 1,024 of sort key, with a cursor behind them."""
        first, second = Key("p" * 2048, "é" * 511 + "aa"), Key("p" * 2048, "é" * 511 + "bb")
        documents.transact([Put(first, {}), Put(second, {})])
        page = documents.query(first.partition, limit=1)
        assert documents.query(first.partition, cursor=page.cursor).documents[0].key == second

    @pytest.mark.parametrize(
        "value", [{"x": float("nan")}, {"x": float("inf")}, {"x": "\ud800"}, {"x": object()}]
    )
    def test_refuses_what_is_not_json(self, documents, value):
        """NaN, infinities, lone surrogates and foreign objects are never stored."""
        with pytest.raises((ValueError, TypeError)):
            documents.put_if(A, value)
        assert documents.get(A) is None

    @pytest.mark.parametrize("expires_at", [-1, 1.5, True, 2**60])
    def test_refuses_an_impossible_expiry(self, documents, expires_at):
        """An expiry is whole epoch seconds."""
        with pytest.raises(ValueError, match="expires_at"):
            documents.put_if(A, {}, expires_at=expires_at)
