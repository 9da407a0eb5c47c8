"""What leaves the admin plane is what its OpenAPI document says, and that document says everything."""

import inspect

import marshmallow as ma
import pytest

from herenow.api.app import openapi_document
from herenow.api.schemas import admin, admin_answers, answers, keyring, reports

STAGING = "/admin/v1/apps/bites/environments/staging"
ROWS = (
    "id,name,cuisines,locality,lat,lon,price_for_two,rating,votes,opened\n"
    "a-one,A One,burger,Kandivali West,19.2,72.83,400,4.1,10,2023-03-18\n"
    ",x,,,,,,,,\n"
)


def requests(live):
    """One good call of every answer: method, path, its request, its schema."""
    documents = {"documents": dict(live.documents)}
    held = {"If-Match": '"1"'}
    manifest_kid = live.services.keyring.current("manifest").kid
    return [
        (
            "PUT",
            "documents/app.json",
            {"data": live.documents["app.json"], "content_type": "application/json"},
            admin_answers.DraftTold,
        ),
        ("GET", "documents", {}, admin_answers.DraftList),
        ("POST", "validate", {"json": {"documents": {"features.json": '{"a": 1}'}}}, admin_answers.Verdict),
        ("POST", "diff", {"json": {"documents": {"features.json": "{}"}}}, admin_answers.DiffTold),
        ("POST", "preview", {"json": documents}, admin_answers.PreviewTold),
        ("POST", "preview", {"json": {"documents": {}}}, admin_answers.InvalidDocuments),
        ("POST", "releases", {"json": documents}, admin_answers.ReleaseTold),
        ("POST", "releases", {"json": {"documents": {}}}, admin_answers.InvalidDocuments),
        ("GET", "releases", {}, admin_answers.ReleasePage),
        ("GET", "releases/1", {}, admin_answers.ReleaseTold),
        ("GET", "releases/1/documents", {}, admin_answers.ReleaseDocuments),
        ("GET", "pointer", {}, admin_answers.PointerTold),
        ("GET", "package?min_app_version=3.2.0", {}, admin_answers.PackageTold),
        ("PUT", "kill", {"json": {"capabilities": ["push"]}, "headers": held}, admin_answers.PointerTold),
        ("GET", "history", {}, admin_answers.PointerPage),
        ("POST", "catalog", {"data": ROWS, "content_type": "text/csv"}, admin_answers.ImportTold),
        ("GET", "catalog", {}, admin_answers.CatalogVersions),
        ("POST", "keys", {"json": {"kind": "secret"}}, admin_answers.OneKey),
        ("GET", "keys", {}, admin_answers.KeyList),
        ("GET", "audit", {}, admin_answers.AuditPage),
        ("GET", "/admin/v1/audit", {}, admin_answers.AuditPage),
        ("GET", "/admin/v1/me", {}, admin_answers.OneAdmin),
        ("PUT", "/admin/v1/admins/vera", {"json": {"place": "*", "role": "viewer"}}, admin_answers.OneAdmin),
        ("GET", "/admin/v1/admins", {}, admin_answers.AdminList),
        ("POST", "/admin/v1/admins/vera/token", {}, admin_answers.AdminToken),
        ("POST", "/admin/v1/keyring/rotate", {"json": {"purpose": "manifest"}}, keyring.RotatedKey),
        ("POST", "/admin/v1/keyring/revoke", {"json": {"kid": manifest_kid}}, keyring.RevokedServerKey),
        ("GET", "/admin/v1/keyring", {}, keyring.KeyRingTold),
        ("GET", "reports/campaigns", {}, reports.SummaryList),
        ("GET", "reports/campaigns?since=2026-11-30&until=2026-11-01", {}, answers.Problem),
        ("GET", "reports/campaigns/lost", {}, answers.Problem),
        ("GET", f"{STAGING}/pointer", {}, answers.Problem),
        ("POST", "validate", {"json": {"documents": 1}}, answers.Problem),
    ]


def test_every_answer_fits_its_schema(live):
    """Each answer loads through the schema that describes it, with no member too many."""
    for method, path, request, schema in requests(live):
        answer = live.call(method, path, **request)
        try:
            schema().load(answer.json)
        except ma.ValidationError as error:
            pytest.fail(f"{method} {path}: {error.messages} in {answer.get_data(as_text=True)[:2000]}")


@pytest.fixture(scope="module")
def operations(application):
    """Every operation of the admin plane in the OpenAPI document, by method and path."""
    paths = openapi_document(application)["paths"]
    return {
        (method, path): operation
        for path, item in paths.items()
        if path.startswith("/admin/")
        for method, operation in item.items()
        if method != "parameters"
    }


def test_every_operation_says_what_it_is_and_how_it_fails(operations):
    """Summary, description, operation id, token, and the errors that every call may answer."""
    assert len(operations) == 48
    assert len({each["operationId"] for each in operations.values()}) == 48
    for name, operation in operations.items():
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["security"] == [{"adminToken": []}], name
        for status in ("401", "403", "404"):
            assert "application/problem+json" in operation["responses"][status]["content"], (name, status)


def test_conditions_and_versions_are_described_where_they_count(operations):
    """Each call that reads If-Match says so, and no other; each answer of a version names its ETag."""
    reads = {
        each["operationId"]
        for each in operations.values()
        if any(parameter.get("name") == "If-Match" for parameter in each.get("parameters", []))
    }
    versioned = {
        each["operationId"]
        for each in operations.values()
        if any("ETag" in response.get("headers", {}) for response in each["responses"].values())
    }
    assert reads == {"writeDraft", "deleteDraft", "publish", "rollback", "setKill"}
    assert versioned == {"readDraft", "writeDraft", "readPointer", "publish", "rollback", "setKill"}


def test_every_response_says_what_it_holds(operations):
    """No response without a description; every JSON answer but a raw document has its schema."""
    for name, operation in operations.items():
        for status, response in operation["responses"].items():
            if "$ref" not in response:
                assert response["description"], (name, status)
                for kind, content in response.get("content", {}).items():
                    assert kind.startswith("application/"), (name, status)
                    assert content or name[1].endswith("/documents/{name}"), (name, status)


def test_every_body_is_described_with_an_example(operations):
    """Whoever reads the page can send each request."""
    bodies = {name: each["requestBody"] for name, each in operations.items() if "requestBody" in each}
    assert len(bodies) == 17
    for name, body in bodies.items():
        assert all("schema" in content for content in body["content"].values()), name


@pytest.mark.parametrize("module", [admin, admin_answers, keyring])
def test_every_field_has_a_description_and_an_example(module):
    """Nested schemas are their own example; every other field gives one."""
    for name, schema in inspect.getmembers(module, inspect.isclass):
        if not (issubclass(schema, ma.Schema) and schema.__module__ == module.__name__):
            continue
        assert schema.__doc__, name
        for member, field in schema().fields.items():
            inner = getattr(field, "inner", getattr(field, "value_field", field))
            assert field.metadata.get("description"), (name, member)
            assert "example" in field.metadata or isinstance(inner, (ma.fields.Nested, ma.fields.List)), (
                name,
                member,
            )
