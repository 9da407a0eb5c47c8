"""``herenow customers import``: a file in, a report by line out."""

import gzip
import json

import pytest
from tests.cli.places import run

from herenow.beacons.customer_rows import from_csv, from_ndjson, until_broken
from herenow.errors import Invalid

HEADER = "user_id,consent.analytics,taste.topic,purchase.at,purchase.value,purchase.items\n"
AGO = "2026-10-02T19:40:00+05:30"


def test_a_file_is_imported_once_and_its_faults_are_told_by_line(here, small):
    """The other rows count; the same file again adds nothing."""
    here("publish", small)
    rows = f"anna,granted,news:0.8;sport,{AGO},480,a;b\n,granted,,,,\nben,perhaps,,,,\nanna,,,{AGO},much,\n"
    (small / "people.csv").write_text(HEADER + rows)

    first = here("customers", "import", small / "people.csv", "--folder", small).stdout
    again = here("customers", "import", small / "people.csv", "--folder", small).stdout

    assert "2 rows taken, 1 purchase new." in first
    assert "line 3: /user_id: expected a text" in first
    assert "line 4: /consent/analytics: expected one of: denied, granted, unknown." in first
    assert "line 5: /purchases/0: /properties/value: expected a number" in first
    assert "0 purchases new (1 had come before)" in again


def test_what_cannot_be_read_is_told_by_line_and_the_rest_is_taken(here, small):
    """A comma without quotes, a spreadsheet's Latin-1, an endless cell, a quote left open at the end."""
    here("publish", small)
    rows = [
        b"anna,granted,,%s,1,200,a" % AGO.encode(),
        "jos\u00e9,granted,,,,".encode("latin-1"),
        b"ben,granted,%s,,," % (b"x" * 200_000),
        b"carl,granted,,,,",
        b'dora,granted,"news,,,',
        b"emil,granted,,,,",
    ]
    (small / "people.csv").write_bytes(HEADER.encode() + b"\n".join(rows) + b"\n")

    told = here("customers", "import", small / "people.csv", "--folder", small).stdout

    assert "1 row taken, 0 purchases new." in told
    assert "line 2: 7 cells for 6 columns" in told
    assert "line 3: this is not UTF-8  [NOT_UTF8]" in told
    assert "line 4: a cell is longer than 131,072 characters" in told
    assert "line 6: a quote is not closed" in told
    assert "nothing of it up to line 7 is read" in told


def test_a_gz_that_breaks_off_is_told_where(tmp_path):
    """What came before it is read; of a file that was never packed nothing is."""
    lines = "".join(f'{{"user_id": "u{n * 7919}"}}\n' for n in range(5_000))
    (tmp_path / "broken.gz").write_bytes(gzip.compress(lines.encode())[:-400])
    (tmp_path / "plain.gz").write_bytes(lines.encode())

    with gzip.open(tmp_path / "broken.gz", "rt") as broken, gzip.open(tmp_path / "plain.gz", "rt") as plain:
        *read, last = until_broken(from_ndjson, broken)
        (nothing,) = until_broken(from_ndjson, plain)

    assert read
    assert not any(row.fault for row in read)
    assert (last.line, last.code) == (read[-1].line + 1, "UNREADABLE_FILE")
    assert (nothing.line, nothing.code) == (1, "UNREADABLE_FILE")


def test_a_server_takes_them_with_a_secret_key(at_server, small):
    """The same report through the server plane; an admin's token does not speak for people."""
    at_server("publish", small)
    key = at_server("keys", "create", "--kind", "secret", "--app", "small-app").stdout.split()[-1]
    person = {"user_id": "anna", "consent": {"analytics": "granted"}, "purchases": [{"at": AGO, "value": 5}]}
    (small / "people.ndjson.gz").write_bytes(gzip.compress(f"{json.dumps(person)}\n\nno json\n".encode()))
    file = ("customers", "import", small / "people.ndjson.gz", "--server", at_server.url)

    told = run(*file, "--key", key).stdout

    assert "1 row taken, 1 purchase new." in told
    assert "line 3: : expected an object." in told
    assert "Give --key" in run(*file, expect=1).stderr
    assert "the key is unknown" in run(*file, "--key", "sk_wrong", expect=1).stderr


def test_a_file_of_another_kind_or_none_is_refused(here, small):
    """By its ending, before anything is read."""
    (small / "people.xlsx").write_text("")
    assert (
        "neither CSV nor NDJSON"
        in here("customers", "import", small / "people.xlsx", "--app", "a", expect=1).stderr
    )
    assert (
        "there is no file" in here("customers", "import", small / "people.csv", "--app", "a", expect=1).stderr
    )


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("name\n", "UNKNOWN_COLUMN"),
        ("user_id,purchase.colour\n", "UNKNOWN_COLUMN"),
        ("user_id,taste.\n", "UNKNOWN_COLUMN"),
        ("taste.topic\n", "MISSING_COLUMNS"),
        ("\udce9\n", "UNKNOWN_COLUMN"),
        ('"user_id', "MISSING_COLUMNS"),
    ],
)
def test_a_column_that_means_nothing_is_told_before_any_row(header, code):
    """A misspelt column would lose what it holds."""
    with pytest.raises(Invalid) as refused:
        list(from_csv([header, "a,b\n"]))
    assert refused.value.code == code


def test_numbers_that_are_none_stay_text_and_are_told_by_the_judge():
    """JSON has no NaN, and a store no place for one."""
    (row,) = from_csv(["user_id,purchase.value,taste.topic\n", "anna,nan,news:inf\n"])

    assert row.said["purchases"] == [{"value": "nan"}]
    assert row.said["tastes"] == {"topic": {"news": "inf"}}
    assert next(from_ndjson(['{"user_id": NaN}'])).said == '{"user_id": NaN}'


def test_a_csv_row_says_what_an_object_says():
    """One row of each form, equal but for what CSV cannot say."""
    row = next(from_csv([HEADER, f"anna,granted,news:0.8;sport,{AGO},480,a; b\n"]))
    said = {
        "user_id": "anna",
        "consent": {"analytics": "granted"},
        "tastes": {"topic": {"news": 0.8, "sport": 1.0}},
        "purchases": [{"at": AGO, "value": 480.0, "items": ["a", "b"]}],
    }

    assert (row.line, row.said) == (2, said)
    assert next(from_ndjson([json.dumps(said)])).said == said
