"""The runner for strangers: whatever is not proven has failed."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import jsonschema
import pytest

from herenow_sdk.conformance import authoring
from herenow_sdk.conformance.command import main
from herenow_sdk.conformance.vectors import read

pytestmark = pytest.mark.usefixtures("toy_reference")

RIGHT = 'return {"result": fnv(question["given"]["text"])}'
EVERYTHING = [
    "beacons", "bandits", "context", "evaluate", "features", "lifecycle", "manifest",
    "messages", "ordering", "place", "profile", "sticky", "time",
]  # fmt: skip
LACKING = json.dumps(dict.fromkeys(EVERYTHING, "not built yet"))


@pytest.fixture(name="vectors")
def _vectors(root, draft):
    """The folder with two cases for every SDK and one of a capability."""
    authoring.add(draft(), root)
    placed = {
        "requirement": "10.1.1",
        "description": "two letters",
        "given": {"text": "ab"},
        "expect": 1294271946,
    }
    authoring.add(
        draft("50-place.json", suite="place", capability="place", prefix="PLC", notes={}, cases=[placed]),
        root,
    )
    return root


@pytest.fixture(name="judge")
def _judge(vectors, tmp_path, capsys):
    """Runs a shim; gives the exit status, what was printed, and the report."""

    def judge(command: list[str], *more: str) -> tuple[int, str, dict]:
        file = tmp_path / "report.json"
        status = main(
            ["--vectors", str(vectors), "--exec", shlex.join(command), "--report", str(file), *more]
        )
        report = json.loads(file.read_text()) if file.exists() else {}
        if report:
            jsonschema.validate(report, read(vectors / "report.schema.json"))
        return status, "".join(capsys.readouterr()), report

    return judge


def test_an_sdk_that_answers_everything_conforms(judge, shim) -> None:
    """All cases right: it conforms, and each suite is counted."""
    status, told, report = judge(shim(RIGHT, capabilities=json.dumps(EVERYTHING)))

    assert status == 0
    assert report["conforms"]
    assert report["totals"] == {"cases": 3, "passed": 3, "failed": 0, "skipped": 0}
    assert "toy conforms: 3 passed" in told


def test_a_wrong_answer_is_told_with_its_requirement(judge, shim) -> None:
    """A failure names case, requirement, section, expectation and answer, and how to look closer."""
    body = 'return {"result": fnv(question["given"]["text"]) + (question["given"]["text"] == "a")}'
    status, told, report = judge(shim(body, capabilities=json.dumps(EVERYTHING)))

    assert status == 1
    (failure,) = report["failures"]
    assert (failure["id"], failure["requirement"]) == ("HSH-0001", "5.1.1")
    assert failure["section"].startswith("5.1 ")
    for part in ("HSH-0001", "5.1.1", "3826002220", "3826002221", "--only HSH-0001 --explain"):
        assert part in told


def test_a_declared_lack_is_skipped_with_its_reason(judge, shim) -> None:
    """A capability declared as lacking is skipped, and the run still conforms."""
    body = f'if question["id"][:3] == "PLC": return {{"unsupported": "place"}}\n    {RIGHT}'
    status, told, report = judge(shim(body, unsupported=LACKING))

    assert status == 0
    assert report["totals"]["skipped"] == 1
    assert report["unsupported"]["place"] == "not built yet"
    assert "1 skipped: not built yet" in told


@pytest.mark.parametrize(
    ("body", "capabilities", "unsupported", "why"),
    [
        ('return {"unsupported": "place"}', [], LACKING, "for every SDK to answer"),
        (
            f'if question["id"][:3] == "PLC": return {{"unsupported": "place"}}\n    {RIGHT}',
            EVERYTHING,
            "{}",
            "it did not declare 'place' as lacking",
        ),
        (
            f'if question["id"][:3] == "PLC": return {{"unsupported": "time"}}\n    {RIGHT}',
            [],
            LACKING,
            "the capability of this suite is 'place'",
        ),
        (RIGHT, [], "{}", "neither as present nor as lacking"),
        (RIGHT, [*EVERYTHING, "telepathy"], "{}", "which does not exist"),
        (RIGHT, EVERYTHING, LACKING, "as present and as lacking"),
    ],
)
def test_no_skip_goes_unseen(judge, shim, body, capabilities, unsupported, why) -> None:
    """A skip counts only for a capability that was declared as lacking, and every capability is declared."""
    status, told, report = judge(shim(body, json.dumps(capabilities), unsupported))

    assert status == 1
    assert not report["conforms"]
    assert why in told


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("sys.exit(3)", "it ended with exit status 3"),
        ("time.sleep(60)", "no answer within 0.2 s"),
        ('print("hello"); return {"result": 1}', "not strict JSON"),
        ('return {"result": 1, "error": {"code": "X"}}', "exactly one of"),
        ('return {"id": "other", "result": 1}', "does not carry the id"),
        ('return {"answer": 1}', "exactly one of"),
    ],
)
def test_a_misbehaving_shim_fails_case_by_case(judge, shim, body, why) -> None:
    """Whatever it does instead of answering fails that case, and it is started anew for the next."""
    body = f'if question["given"]["text"] == "a":\n        {body}\n    {RIGHT}'
    status, told, report = judge(
        shim(body, json.dumps(EVERYTHING)), "--timeout", "0.2" if "sleep" in body else "10"
    )

    assert status == 1
    assert why in told
    assert report["totals"] == {"cases": 3, "passed": 2, "failed": 1, "skipped": 0}


def test_what_it_complains_of_is_shown(judge, shim) -> None:
    """The end of its standard error comes with a failure."""
    status, told, _ = judge(shim('raise ValueError("no such thing")', json.dumps(EVERYTHING)))

    assert status == 1
    assert "ValueError: no such thing" in told


@pytest.mark.parametrize("command", [["/no/such/shim"], [sys.executable, "-c", "print('{}')"]])
def test_a_shim_that_does_not_describe_itself_is_refused(judge, command) -> None:
    """Without a description there is no run."""
    status, _, report = judge(command)

    assert status == 1
    assert not report


def test_an_altered_suite_stops_the_run(judge, vectors, shim) -> None:
    """Nothing is asked when the vectors are not those of the index."""
    path = vectors / "v1" / "01-hash.json"
    path.write_text(path.read_text().replace("one letter", "a letter"))

    status, told, _ = judge(shim(RIGHT, json.dumps(EVERYTHING)))

    assert status == 1
    assert "SHA-256" in told


def test_one_case_explained(judge, shim) -> None:
    """``--only ID --explain`` shows the rule, the question, both answers and the way to the right one."""
    status, told, _ = judge(shim('return {"result": 1}'), "--only", "HSH-0002", "--explain")

    assert status == 1
    for part in ("5.1.1", "edge:empty", '"text": ""', '{"result": 2166136261}', '{"result": 1}', "units"):
        assert part in told


def test_an_unknown_case_is_told(judge, shim) -> None:
    """A mistyped id is an error, not an empty success."""
    status, told, _ = judge(shim(RIGHT), "--only", "HSH-0999")

    assert status == 1
    assert "there is no case HSH-0999" in told


@pytest.mark.slow
def test_the_reference_conforms_as_a_shim() -> None:
    """Ours through its own protocol: every case of the contract, none skipped."""
    done = subprocess.run(
        [sys.executable, "-m", "herenow_sdk.conformance"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 failed, 0 skipped" in done.stdout
