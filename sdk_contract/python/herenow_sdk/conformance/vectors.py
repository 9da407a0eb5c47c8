"""The vectors as they lie on disk: suites of cases behind one index.

``index.json`` is the only entry point: a file that it does not name, or whose digest it does not know,
is no part of the contract, and reading says so instead of passing it over. The wheel carries the folder
under ``herenow_sdk/_data``; a checkout has it where people review it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from herenow_sdk.conformance.schema import violations
from herenow_sdk.conformance.strict_json import NotStrict, canonical, parse

Answer = Mapping[str, Any]
"""As on the wire: ``{"result": …}``, ``{"error": {"code": …}}`` or ``{"unsupported": capability}``."""


class BadVectors(ValueError):
    """The folder contradicts itself; ``faults`` are sentences, each naming its file or case."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its one right answer."""

    id: str
    requirement: str
    description: str
    given: Mapping[str, Any]
    expected: Answer
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one operation, in the order of the file."""

    file: str
    name: str
    operation: str
    capability: str | None
    prefix: str
    last: int
    cases: tuple[Case, ...]
    notes: Mapping[str, str] = field(default_factory=dict)


def folder() -> Path:
    """Where the vectors are, in a checkout or in an installed wheel. Raises ``BadVectors``."""
    checkout = Path(__file__).parents[3] / "vectors"
    packaged = Path(str(files("herenow_sdk"))) / "_data" / "vectors"
    for found in (checkout, packaged):
        if (found / "suite.schema.json").is_file():
            return found
    raise BadVectors(["this installation carries no vectors; install a wheel or a complete checkout"])


def read(path: Path) -> Any:
    """The JSON of a file. Raises ``BadVectors`` when it is missing or not strict JSON."""
    try:
        return parse(path.read_bytes())
    except (OSError, NotStrict) as error:
        raise BadVectors([f"{path.name}: {error}"]) from error


def load(root: Path) -> tuple[Suite, ...]:
    """Every suite that the index names, each with the digest it states, and nothing besides.

    Raises ``BadVectors`` for an index that is malformed, for a suite that is missing, altered or not named,
    and for a count or a head that differs.
    """
    index = read(root / "index.json")
    faults = [f"index.json: {fault}" for fault in violations(index, read(root / "index.schema.json"))]
    if faults:
        raise BadVectors(faults)
    named = {entry["file"]: entry for entry in index["suites"]}
    lying = {path.relative_to(root).as_posix(): path for path in suite_files(root)}
    faults += [f"{file}: no index names it" for file in sorted(lying.keys() - named.keys())]
    faults += [
        f"{file}: the index names it, and it is missing" for file in sorted(named.keys() - lying.keys())
    ]
    suites = []
    for file in sorted(named.keys() & lying.keys()):
        if digest(lying[file]) != named[file]["sha256"]:
            faults.append(f"{file}: its SHA-256 is not the one in the index")
            continue
        suite = read_suite(lying[file], root)
        stated = (
            named[file]["suite"],
            named[file]["operation"],
            named[file]["capability"],
            named[file]["count"],
        )
        if stated != (suite.name, suite.operation, suite.capability, len(suite.cases)):
            faults.append(f"{file}: name, operation, capability or count differ from the index")
        suites.append(suite)
    if faults:
        raise BadVectors(faults)
    return tuple(suites)


def digest(path: Path) -> str:
    """The SHA-256 of the file's bytes, lower-case hexadecimal."""
    return sha256(path.read_bytes()).hexdigest()


def suite_files(root: Path) -> list[Path]:
    """Every file that lies among the suites, in order, whether or not it belongs there."""
    return sorted(path for path in (root / "v1").rglob("*") if path.is_file())


def read_suite(path: Path, root: Path) -> Suite:
    """One suite, held against the meta-schema and its own rules. Raises ``BadVectors``."""
    document = read(path)
    faults = suite_faults(document, path.name, read(root / "suite.schema.json"))
    if faults:
        raise BadVectors([f"{path.name}: {fault}" for fault in faults])
    return Suite(
        path.relative_to(root).as_posix(),
        document["suite"],
        document["operation"],
        document["capability"],
        document["prefix"],
        document["last"],
        tuple(map(read_case, document["cases"])),
        document["notes"],
    )


def read_case(case: Mapping[str, Any]) -> Case:
    """A case of a valid suite."""
    expected = {"result": case["expect"]} if "expect" in case else {"error": case["expect_error"]}
    flags = tuple(case.get("flags", ()))
    return Case(case["id"], case["requirement"], case["description"], case["given"], expected, flags)


def suite_faults(document: Any, file: str, schema: Mapping[str, Any]) -> list[str]:
    """What the document breaks: first of the schema, then of what no schema can say."""
    faults = list(violations(document, schema))
    return faults or [*_name_faults(document, file), *_id_faults(document), *_content_faults(document)]


def _name_faults(document: Mapping[str, Any], file: str) -> Iterator[str]:
    if file[2:] != f"-{document['suite']}.json" or not file[:2].isdecimal():
        yield f"the file must be named NN-{document['suite']}.json"


def _id_faults(document: Mapping[str, Any]) -> Iterator[str]:
    current = [case["id"] for case in document["cases"]]
    given_out = sorted(current + [each["id"] for each in document.get("retired", [])])
    if current != sorted(current):
        yield "the cases are not in the order of their ids"
    if given_out != [f"{document['prefix']}-{number:04}" for number in range(1, document["last"] + 1)]:
        yield "cases and retired ids together must be exactly those from 1 to 'last', each once"


def _content_faults(document: Mapping[str, Any]) -> Iterator[str]:
    raised = {flag for case in document["cases"] for flag in case.get("flags", ())}
    for flag in sorted(raised ^ document["notes"].keys()):
        yield f"the flag {flag!r} has no note" if flag in raised else f"no case has the noted flag {flag!r}"
    first: dict[str, str] = {}
    for case in document["cases"]:
        earlier = first.setdefault(canonical(case["given"]), case["id"])
        if earlier != case["id"]:
            yield f"{case['id']} asks what {earlier} asks"
