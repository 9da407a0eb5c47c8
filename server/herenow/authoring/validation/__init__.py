"""Validation of a folder of documents as a whole: everything wrong with it, at once.

``validate`` never raises for what is in the files. It reads every file with positions, judges each document
by its own schema, cuts out what is faulty, and lets the rules that cross documents look at the rest; each
group of rules is a module with one ``check``. Findings are sorted by file and position. ``require_valid``
turns errors into the one exception of the error tree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Final

from herenow.authoring.documents import BY_FILE, BY_NAME, DOCUMENTS
from herenow.authoring.documents.faults import Fault, one_of, shorten
from herenow.authoring.positions import MalformedJson, Positioned, parse, pointer_of
from herenow.authoring.validation import (
    app,
    campaigns,
    caps,
    conditions,
    dwelling,
    events,
    features,
    fences,
    intents,
    journeys,
    language,
    limits,
    links,
    messages,
    moments,
    past,
    placements,
    policy,
    pools,
    pressure,
    quiet,
    references,
)
from herenow.authoring.validation.findings import Finding, Problem, Severity, nearest
from herenow.authoring.validation.folder import (
    UNKNOWN,
    CatalogFacts,
    Folder,
    Present,
    Reach,
    judged_alone,
)
from herenow.errors import Invalid

__all__ = [
    "CatalogFacts",
    "Finding",
    "Present",
    "Reach",
    "Severity",
    "Validated",
    "require_valid",
    "validate",
]

Rules = Callable[[Folder], Iterator[Problem]]
RULES: Final[tuple[Rules, ...]] = (
    app.check,
    references.check,
    conditions.check,
    features.check,
    placements.check,
    intents.check,
    moments.check,
    past.check,
    campaigns.check,
    events.check,
    journeys.check,
    policy.check,
    caps.check,
    pressure.check,
    quiet.check,
    fences.check,
    dwelling.check,
    pools.check,
    limits.check,
    language.check,
    messages.check,
    links.check,
)
MOST_FINDINGS: Final = 500
"""Errors, and warnings, told of one document: more help nobody, and a hostile one may have thousands."""

_FILES: Final = tuple(document.file for document in DOCUMENTS)
_BESIDE_DOCUMENTS: Final = (".md", ".txt", ".csv", ".ndjson")
"""Endings of what may lie beside the documents: notes, codes, the catalogue."""


@dataclass(frozen=True, slots=True)
class Validated:
    """``documents`` by file name, as written, as far as they could be read; ``findings`` in order."""

    documents: Mapping[str, Any]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the set from being published."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What does not."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.WARNING)


def validate(
    files: Mapping[str, bytes], *, catalog: CatalogFacts | None = None, present: Present = UNKNOWN
) -> Validated:
    """Judge a set of files by name.

    ``catalog`` is what is known of the items, when there is a catalogue; ``present`` of the moment and the
    people, whom a few warnings count.
    """
    findings = list(_file_findings(files))
    read, unreadable = _read(files, findings)
    problems: list[Problem] = []
    sound: dict[str, Any] = {}
    for name, positioned in read.items():
        alone, sound[name] = judged_alone(BY_NAME[name], positioned.value)
        problems += alone
    folder = Folder(read, sound, unreadable, catalog, present)
    found = (problem for check in RULES for problem in check(folder))
    problems += [problem for problem in found if not folder.tells_twice(problem)]
    findings += (_finding(problem, read[problem.document]) for problem in _told(problems))
    documents = {BY_NAME[name].file: positioned.value for name, positioned in read.items()}
    return Validated(documents, tuple(sorted(findings, key=_order)))


def require_valid(validated: Validated) -> Validated:
    """The same, when it has no error. Raises ``Invalid`` (``INVALID_DOCUMENTS``) that holds them all."""
    errors = validated.errors
    if errors:
        raise Invalid(
            f"The documents have {len(errors)} error{'s' if len(errors) > 1 else ''}",
            code="INVALID_DOCUMENTS",
            extra={"errors": [error.as_json() for error in errors]},
        )
    return validated


def _file_findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    if "app.json" not in files:
        detail = "there is no app.json, which says what the app is"
        yield Finding(Severity.ERROR, "app.json", "", 1, 1, "MISSING_FILE", detail, "app.json")
    for file in files:
        if file not in BY_FILE and PurePosixPath(file).suffix not in _BESIDE_DOCUMENTS:
            yield _unknown_file(file)


def _unknown_file(file: str) -> Finding:
    """An error when a document seems to be meant; a warning when the file is like none."""
    near = nearest(PurePosixPath(file).stem, tuple(BY_NAME))
    severity = Severity.ERROR if near else Severity.WARNING
    detail = f"'{shorten(file)}' is not a document"
    told = BY_NAME[near].file if near else None
    return Finding(severity, file, "", 1, 1, "UNKNOWN_FILE", detail, one_of(_FILES), told)


def _read(
    files: Mapping[str, bytes], findings: list[Finding]
) -> tuple[dict[str, Positioned], frozenset[str]]:
    read: dict[str, Positioned] = {}
    unreadable: set[str] = set()
    for document in DOCUMENTS:
        if document.file not in files:
            continue
        try:
            positioned = read[document.name] = parse(files[document.file])
        except MalformedJson as error:
            unreadable.add(document.name)
            told = (document.file, "", *error.place, "MALFORMED_JSON", error.detail, error.expected)
            findings.append(Finding(Severity.ERROR, *told))
            continue
        for pointer, place in positioned.duplicates:
            detail = "this member is given twice; only the last would count"
            told = (document.file, pointer, *place, "REPEATED_MEMBER", detail, "every member once")
            findings.append(Finding(Severity.ERROR, *told))
    if "app.json" not in files:
        unreadable.add("app")
    return read, frozenset(unreadable)


def _finding(problem: Problem, positioned: Positioned) -> Finding:
    fault = problem.fault
    pointer = pointer_of(problem.path)
    line, column = positioned.place(pointer)
    near = fault.likely
    if near is None and fault.given is not None:
        near = nearest(fault.given, fault.choices)
    file = BY_NAME[problem.document].file
    return Finding(
        problem.severity, file, pointer, line, column, fault.code, fault.detail, fault.expected, near
    )


def _told(problems: list[Problem]) -> Iterator[Problem]:
    """The first ``MOST_FINDINGS`` of each document and severity, and that there are more."""
    counts: Counter[tuple[str, Severity]] = Counter()
    for problem in problems:
        kind = (problem.document, problem.severity)
        counts[kind] += 1
        if counts[kind] <= MOST_FINDINGS:
            yield problem
        elif counts[kind] == MOST_FINDINGS + 1:
            detail = f"there are more than the {MOST_FINDINGS} findings told here"
            yield replace(problem, path=(), fault=Fault("MORE_FINDINGS", detail))


def _order(finding: Finding) -> tuple[Any, ...]:
    return finding.file, finding.line, finding.column, finding.severity, finding.code, finding.pointer
