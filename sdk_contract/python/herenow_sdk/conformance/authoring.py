"""How vectors come and go: only through here, so that an id means one thing for ever.

A case is added when the reference already gives the answer that its author reasoned from the
specification; where the two differ, one of them is wrong, and finding out which is the point of writing
it. Ids are numbered in the order of addition. A case that turns out wrong retires, and its id with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from herenow_sdk.conformance import reference
from herenow_sdk.conformance.strict_json import canonical, dump, same
from herenow_sdk.conformance.vectors import (
    BadVectors,
    digest,
    read,
    read_case,
    suite_faults,
    suite_files,
)

SPEC: Final = "1.0.0"
"""The version of the specification that the vectors pin."""

_HEAD: Final = ("suite", "operation", "capability", "prefix")


def add(draft_path: Path, root: Path) -> list[str]:
    """Add the draft's cases to the suite of the same file name; the ids given to them.

    A draft is a suite without ids and without ``last``. All its cases are added or none. Raises
    ``BadVectors`` with a fault for each case that is malformed, already asked, or answered otherwise
    by the reference.
    """
    draft = read(draft_path)
    schema = read(root / "suite.schema.json")
    with _alone(root):
        path = root / "v1" / draft_path.name
        suite = read(path) if path.exists() else None
        numbered = _numbered(draft, suite)
        faults = list(_draft_faults(draft, draft_path.name, schema))
        faults = faults or [*_contradictions(draft, suite), *_wrong_answers(numbered, draft["operation"])]
        merged = _merged(draft, suite, numbered) if not faults else {}
        faults = faults or suite_faults(merged, path.name, schema)
        if faults:
            raise BadVectors([f"{draft_path.name}: {fault}" for fault in faults])
        _write(path, suite_text(merged))
        write_index(root)
    return [case["id"] for case in numbered]


def _numbered(draft: Any, suite: Mapping[str, Any] | None) -> list[Any]:
    if not isinstance(draft, dict) or not isinstance(draft.get("cases"), list):
        return []
    last = suite["last"] if suite else 0
    return [
        {"id": f"{draft.get('prefix')}-{number:04}"} | case if isinstance(case, dict) else case
        for number, case in enumerate(draft["cases"], last + 1)
    ]


def _draft_faults(draft: Any, file: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """The draft as the suite it would be alone, so that every fault names its place in the draft."""
    alone = _merged(draft, None, _numbered(draft, None)) if isinstance(draft, dict) else draft
    yield from suite_faults(alone, file, schema)
    if isinstance(draft, dict):
        named = [case for case in draft.get("cases", []) if isinstance(case, dict) and "id" in case]
        if named or "last" in draft or "retired" in draft:
            yield "a draft has no ids, no 'last' and no 'retired': they are given, not chosen"


def _contradictions(draft: Mapping[str, Any], suite: Mapping[str, Any] | None) -> Iterator[str]:
    """Where the draft does not fit what the suite already holds."""
    if suite is None:
        return
    for name in _HEAD:
        if draft[name] != suite[name]:
            yield f"{name} is {suite[name]!r} in the suite"
    asked = {canonical(case["given"]): case["id"] for case in suite["cases"]}
    for index, case in enumerate(draft["cases"]):
        if earlier := asked.get(canonical(case["given"])):
            yield f"/cases/{index} ({case['description']}): {earlier} asks the same"


def _wrong_answers(cases: list[Any], operation: str) -> Iterator[str]:
    for index, case in enumerate(cases):
        expected = read_case(case).expected
        try:
            answer = reference.answer(operation, case["given"])
        except Exception as error:  # noqa: BLE001 - whatever an operation raises, the author has to see
            answer = {"raised": f"{type(error).__name__}: {error}"}
        if not same(expected, answer):
            yield (
                f"/cases/{index} ({case['description']}): the reference does not give the expectation\n"
                f"    expected  {dump(expected)}\n    reference {dump(answer)}"
            )


def _merged(draft: Mapping[str, Any], suite: Mapping[str, Any] | None, numbered: list[Any]) -> dict[str, Any]:
    before = suite or {"last": 0, "notes": {}, "cases": []}
    merged = dict(draft) | {
        "last": before["last"] + len(numbered),
        "notes": before["notes"] | draft.get("notes", {}),
        "cases": before["cases"] + numbered,
    }
    return merged | ({"retired": before["retired"]} if "retired" in before else {})


def remove(case_id: str, why: str, root: Path) -> None:
    """Retire a case and its id for ever. Raises ``BadVectors`` when there is none, or without a reason."""
    with _alone(root):
        for path in suite_files(root):
            suite = read(path)
            kept = [case for case in suite["cases"] if case["id"] != case_id]
            if len(kept) == len(suite["cases"]):
                continue
            raised = {flag for case in kept for flag in case.get("flags", ())}
            suite["notes"] = {flag: note for flag, note in suite["notes"].items() if flag in raised}
            suite |= {"cases": kept, "retired": [*suite.get("retired", []), {"id": case_id, "why": why}]}
            if faults := suite_faults(suite, path.name, read(root / "suite.schema.json")):
                raise BadVectors([f"{path.name}: {fault}" for fault in faults])
            _write(path, suite_text(suite))
            write_index(root)
            return
    raise BadVectors([f"there is no case {case_id}"])


def rewrite(root: Path) -> None:
    """Bring suites that were edited by hand into their written form, and the index up to date."""
    with _alone(root):
        index_text(root)  # a malformed suite is told before anything is written
        for path in suite_files(root):
            _write(path, suite_text(read(path)))
        write_index(root)


def write_index(root: Path) -> None:
    """Name every suite with its digest, in the order of the file names; the same files, the same index."""
    _write(root / "index.json", index_text(root))


def index_text(root: Path) -> str:
    """What ``index.json`` has to be. Raises ``BadVectors`` when a suite is malformed."""
    schema = read(root / "suite.schema.json")
    suites, faults, prefixes = [], [], set[str]()
    for path in suite_files(root):
        suite = read(path)
        faults += [f"{path.name}: {fault}" for fault in suite_faults(suite, path.name, schema)]
        if faults:
            continue
        if suite["prefix"] in prefixes:
            faults.append(f"{path.name}: the prefix {suite['prefix']!r} belongs to an earlier suite")
        prefixes.add(suite["prefix"])
        suites.append(
            {
                "file": path.relative_to(root).as_posix(),
                **{name: suite[name] for name in _HEAD[:3]},
                "count": len(suite["cases"]),
                "sha256": digest(path),
            }
        )
    if faults:
        raise BadVectors(faults)
    lines = ",\n".join(f"  {dump(each)}" for each in suites)
    return f'{{\n "spec": {dump(SPEC)},\n "suites": [\n{lines}\n ]\n}}\n'


def suite_text(suite: Mapping[str, Any]) -> str:
    """A suite as it is written: a member of a case on a line, so that a difference reads well."""
    notes = ",\n".join(f"  {dump(flag)}: {dump(suite['notes'][flag])}" for flag in sorted(suite["notes"]))
    head = [f" {dump(name)}: {dump(suite[name])}" for name in (*_HEAD, "last")]
    head.append(f' "notes": {{\n{notes}\n }}' if notes else ' "notes": {}')
    if suite.get("retired"):
        head.append(' "retired": [\n' + ",\n".join(f"  {dump(each)}" for each in suite["retired"]) + "\n ]")
    cases = ",\n".join(map(_case_text, suite["cases"]))
    head.append(f' "cases": [\n{cases}\n ]' if cases else ' "cases": []')
    return "{\n" + ",\n".join(head) + "\n}\n"


def _case_text(case: Mapping[str, Any]) -> str:
    first = f'"id": {dump(case["id"])}, "requirement": {dump(case["requirement"])}'
    rest = (f"{dump(name)}: {dump(case[name])}" for name in case if name not in {"id", "requirement"})
    return "  {" + ",\n   ".join([first, *rest]) + "}"


def _write(path: Path, text: str) -> None:
    """Whole or not at all, so that a reader never meets half a file."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="ascii", newline="\n")
    beside.replace(path)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Two authors at once wait for each other, so that an id is given once (on Windows, they must)."""
    descriptor = os.open(root, os.O_RDONLY) if sys.platform != "win32" else -1
    try:
        if sys.platform != "win32":
            import fcntl  # noqa: PLC0415 - only Unix has it

            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if descriptor >= 0:
            os.close(descriptor)
