import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.catalog import imports, records, streams
from herenow.catalog.imports import read_rows
from herenow.catalog.rows import MAX_ROW_BYTES
from herenow.catalog.schema import CatalogSchema
from herenow.errors import Invalid, PayloadTooLarge, UnsupportedMediaType

HEADER = "id,name,topics,locality,kind,lat,lon,price,rating,votes,indoors,opened\n"
GOOD = "a,Alpha,x;y,North End,shop,19.1,72.8,300,4.1,10,true,2026-01-31\n"


def codes(report):
    """Line and reason of every rejection."""
    return [(rejection.line, rejection.code.value) for rejection in report.rejections]


def test_rows_are_read_under_their_header(import_text):
    """A CSV row becomes its columns; what is empty is left out."""
    rows, report = import_text(HEADER + GOOD + "b,Beta,,,,,,,,,,\n")
    assert rows["a"]["topics"] == "x;y"
    assert rows["b"] == {"id": "b", "name": "Beta"}
    assert (report.rows, report.accepted, report.rejected) == (2, 2, 0)


@pytest.mark.parametrize("disguise", [
    lambda text: b"\xef\xbb\xbf" + text,
    lambda text: text.replace(b"\n", b"\r\n"),
    gzip.compress,
    lambda text: text.rstrip(b"\n"),
    lambda text: text.replace(b"\n", b"\n\n"),
])  # fmt: skip
def test_the_same_table_is_read_however_it_was_saved(import_text, disguise):
    """Byte order mark, line endings, gzip, a missing last newline and blank lines change nothing."""
    plain = (HEADER + GOOD + GOOD.replace("a,", "b,", 1)).encode()
    assert import_text(disguise(plain))[0] == import_text(plain)[0]


def test_quoted_values_may_hold_anything(import_text):
    """Commas, quotes and line breaks inside quotes belong to the value, and lines are still counted."""
    rows, report = import_text(HEADER + 'a,"A, ""B""\nC",,,,,,,,,,\n' + "b,,,,,,,bad,,,,\n")
    assert rows["a"]["name"] == 'A, "B"\nC'
    assert codes(report) == [(4, "BAD_NUMBER")]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",Alpha,,,,,,,,,,", "MISSING_ID"),
        ("ä,Alpha,,,,,,,,,,", "BAD_ID"),
        ("a b,Alpha,,,,,,,,,,", "BAD_ID"),
        ("x" * 121 + ",Alpha,,,,,,,,,,", "BAD_ID"),
        ("a,,,,,,,cheap,,,,", "BAD_NUMBER"),
        ("a,,,,,,,nan,,,,", "BAD_NUMBER"),
        ("a,,,,,,,1e999,,,,", "BAD_NUMBER"),
        ("a,,,,,,,1_000,,,,", "BAD_NUMBER"),
        ("a,,,,,north,72,,,,,", "BAD_NUMBER"),
        ("a,,,,,91,72,,,,,", "BAD_COORDINATES"),
        ("a,,,,,19,-180.1,,,,,", "BAD_COORDINATES"),
        ("a,,,,,19,,,,,,", "BAD_COORDINATES"),
        ("a,,,,,,,,,,perhaps,", "BAD_BOOLEAN"),
        ("a,,,,,,,,,,,31.1.2026", "BAD_DATE"),
        ("a,,,,,,,,,,,2026-02-30", "BAD_DATE"),
        ("a,Alpha", "WRONG_COLUMN_COUNT"),
        ("a,,,,,,,,,,,,extra", "WRONG_COLUMN_COUNT"),
        ("a," + ";".join(map(str, range(65))) * 2 + ",,,,,,,,,,", None),
        ("a,," + ";".join(map(str, range(65))) + ",,,,,,,,,", "TOO_MANY_TAGS"),
        ("a," + "x" * MAX_ROW_BYTES + ",,,,,,,,,,", "ROW_TOO_LONG"),
        ('a,"Al"pha,,,,,,,,,,', "MALFORMED_CSV"),
    ],
)
def test_a_bad_csv_row_is_rejected_alone(import_text, row, code):
    """Each fault has its code and line; the rows around it are taken."""
    rows, report = import_text(HEADER + GOOD.replace("a,", "first,", 1) + row + "\n" + "last,,,,,,,,,,,\n")
    assert codes(report) == ([(3, code)] if code else [])
    assert {"first", "last"} <= rows.keys()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"id": "a"', "MALFORMED_JSON"),
        ('["a"]', "MALFORMED_JSON"),
        ('{"id": NaN}', "MALFORMED_JSON"),
        ("[" * 20_000, "MALFORMED_JSON"),
        ('{"name": "x"}', "MISSING_ID"),
        ('{"id": true}', "BAD_ID"),
        ('{"id": "a", "price": true}', "BAD_NUMBER"),
        ('{"id": "a", "price": [1]}', "BAD_NUMBER"),
        ('{"id": "a", "price": ' + "9" * 400 + "}", "BAD_NUMBER"),
        ('{"id": "a", "topics": {"x": 1}}', "BAD_VALUE"),
        ('{"id": "a", "name": "\\ud800"}', "BAD_VALUE"),
        ('{"id": "a", "other": 1e999}', "BAD_VALUE"),
        ('{"id": "a", "name": "' + "x" * MAX_ROW_BYTES + '"}', "ROW_TOO_LONG"),
    ],
)
def test_a_bad_json_line_is_rejected_alone(import_text, line, code):
    """Each fault has its code and line; the lines around it are taken."""
    rows, report = import_text('{"id": "first"}\n' + line + '\n{"id": 7}\n', "ndjson")
    assert codes(report) == [(2, code)]
    assert rows.keys() == {"first", "7"}


def test_a_row_that_is_not_utf8_is_rejected_alone(import_text):
    """Wrong bytes cost the row they stand in, in either format."""
    _, csv_report = import_text(HEADER.encode() + b"a,\xff,,,,,,,,,,\nb,,,,,,,,,,,\n")
    _, ndjson_report = import_text(b'{"id": "a", "name": "\xff"}\n{"id": "b"}\n', "ndjson")
    assert codes(csv_report) == [(2, "NOT_UTF8")]
    assert codes(ndjson_report) == [(1, "NOT_UTF8")]


def test_a_repeated_id_is_rejected_after_the_first(import_text):
    """The first row of an id is taken."""
    rows, report = import_text(HEADER + "a,one,,,,,,,,,,\na,two,,,,,,,,,,\n")
    assert rows["a"]["name"] == "one"
    assert codes(report) == [(3, "DUPLICATE_ID")]


@pytest.mark.parametrize("filler", [3, 3000])
def test_a_quote_that_is_never_closed_costs_one_row(import_text, filler):
    """Whether the file ends inside the quote or the row grows too long, reading goes on at the next line."""
    others = [f"i{n},some name of some length,,,,,,,,,,\n" for n in range(filler)]
    rows, report = import_text(HEADER + 'a,"open,,,,,,,,,,\n' + "".join(others))
    assert len(rows) == filler
    assert [line for line, _ in codes(report)] == [2]


def test_the_report_is_bounded_and_still_counts_everything(import_text):
    """Of many rejections the first thousand are kept and all are counted."""
    _, report = import_text(HEADER + "bad id,,,,,,,,,,,\n" * 1_500)
    assert len(report.rejections) == 1_000
    assert report.as_json()["counts"] == {"BAD_ID": 1_500}


@pytest.mark.parametrize(
    ("content", "code", "named"),
    [
        ("", "MISSING_HEADER", "empty"),
        ("id,name,name\n", "MISSING_HEADER", "'name'"),
        ("id,name\na,b\n", "MISSING_COLUMNS", "topics"),
        ('"id', "MISSING_HEADER", "first line"),
    ],
)
def test_an_unusable_header_is_one_clear_error(import_text, content, code, named):
    """Nothing is read row by row when the columns are not those of the app."""
    with pytest.raises(Invalid) as refused:
        import_text(content)
    assert refused.value.code == code
    assert named in refused.value.title + (refused.value.detail or "")


def test_fields_may_be_missing_from_a_header(import_text):
    """Only the id and the facets' columns are required; 'photo' is a field that this file lacks."""
    assert import_text(HEADER + GOOD)[1].accepted == 1


def test_a_mapping_renames_columns_and_adds_constants(import_text):
    """Somebody else's file is read under our names, without the renamed ones."""
    header = HEADER.replace("id,", "key,", 1).replace("topics", "labels").replace("kind", "sort")
    mapping = {"columns": {"id": "key", "topics": "labels"}, "constants": {"kind": "shop"}}
    rows, _ = import_text(header + GOOD, mapping=mapping)
    assert (rows["a"]["topics"], rows["a"]["kind"], "labels" in rows["a"]) == ("x;y", "shop", False)


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"columns": {"topics": "nowhere"}}, "MISSING_COLUMNS"),
        ({"columns": ["topics"]}, "INVALID_MAPPING"),
        ({"columns": {"topics": 3}}, "INVALID_MAPPING"),
        ({"rename": {}}, "INVALID_MAPPING"),
    ],
)
def test_an_unusable_mapping_is_one_clear_error(import_text, mapping, code):
    """A mapping of the wrong shape, or of columns that the file lacks, reads no row."""
    with pytest.raises(Invalid) as refused:
        import_text(HEADER + GOOD, mapping=mapping)
    assert refused.value.code == code


def test_damaged_gzip_is_a_clear_error(import_text):
    """A truncated upload says so."""
    lines = "".join(f"i{n},{n * 7919},,,,,,,,,,\n" for n in range(2000))
    with pytest.raises(Invalid) as refused:
        import_text(gzip.compress((HEADER + lines).encode())[:-200])
    assert refused.value.code == "UNREADABLE_FILE"


def test_other_formats_are_refused(schema):
    """Only csv and ndjson are read."""
    with pytest.raises(UnsupportedMediaType):
        read_rows(io.BytesIO(b""), "xlsx", None, schema)


def test_imports_are_bounded_in_rows_and_bytes(import_text, monkeypatch):
    """A file beyond the limits ends the import, compressed or not."""
    monkeypatch.setattr(imports, "MAX_ITEMS", 2)
    with pytest.raises(PayloadTooLarge):
        import_text("".join(f'{{"id": {n}}}\n' for n in range(3)), "ndjson")
    monkeypatch.setattr(streams, "MAX_FILE_BYTES", 100_000)
    with pytest.raises(PayloadTooLarge):
        import_text(gzip.compress(b" " * 1_000_000), "ndjson")


def test_progress_tells_rows_and_bytes_of_the_file(import_text):
    """A long import reports on its way, and at the end the whole of the (compressed) file."""
    content = gzip.compress("".join(f'{{"id": {n}}}\n' for n in range(5_000)).encode())
    seen = []
    import_text(content, "ndjson", progress=lambda rows, size: seen.append((rows, size)))
    assert [rows for rows, _ in seen] == [2_000, 4_000, 5_000]
    assert seen[-1] == (5_000, len(content))


@given(st.lists(st.text(alphabet='ab",\n\r; é', max_size=30), max_size=20))
def test_any_text_is_read_or_rejected(schema, lines):
    """No content of a file makes the import fail half-way: every row is accepted or has a reason."""
    content = HEADER + "\n".join(lines)
    result = read_rows(io.BytesIO(content.encode()), "csv", None, schema)
    accepted = list(result)
    assert result.report.accepted == len(accepted)
    assert result.report.rows == len(accepted) + len(result.report.rejections)


@given(st.lists(st.dictionaries(st.sampled_from(["id", "name", "topics", "lat", "price"]), st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)), max_size=5))  # fmt: skip
def test_any_json_is_read_or_rejected(schema, objects):
    """Values of any type in any column are accepted or have a reason."""
    content = "\n".join(json.dumps(each) for each in objects)
    result = read_rows(io.BytesIO(content.encode()), "ndjson", None, schema)
    assert len(list(result)) + result.report.rejected == len(objects)


def test_a_file_of_unclosed_quotes_ends_soon(import_text, monkeypatch):
    """Each line begins a record that never ends: the lines read again are bounded, and so is the time."""
    monkeypatch.setattr(records, "MAX_REREAD", 20_000)

    with pytest.raises(Invalid) as refusal:
        import_text(HEADER + 'x","\n' * 20_000)

    assert refusal.value.code == "UNREADABLE_FILE"


@pytest.mark.parametrize("value", ["1" + "0" * 20, "[" * 20 + "]" * 20, '[{"n": -1' + "0" * 20 + "}]"])
def test_what_no_answer_can_hold_costs_only_its_row(value):
    """A number beyond 64 bits or a bottomless field would fail the answers that show it, so it is refused."""
    schema = CatalogSchema.from_app({"catalog": {"id": "id", "fields": ["note"]}, "facets": {}})
    lines = f'{{"id": "a", "note": {value}}}\n{{"id": "b", "note": [1, {{"n": 2}}]}}\n'

    result = read_rows(io.BytesIO(lines.encode()), "ndjson", None, schema)

    assert [row.id for row in result] == ["b"]
    assert codes(result.report) == [(1, "BAD_VALUE")]
