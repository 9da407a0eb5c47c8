"""``python -m herenow_sdk.conformance``: what authors of SDKs and of vectors type.

Without a subcommand it puts every vector to an implementation: the one that ``--exec`` names, or the
reference.
"""

from __future__ import annotations

import json
import shlex
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from herenow_sdk import __version__
from herenow_sdk.conformance import authoring, evidence, reference, report
from herenow_sdk.conformance.runner import Run, Verdict, declaration_faults, judge, run
from herenow_sdk.conformance.shim import (
    DESCRIBE,
    Description,
    Shim,
    ShimFailure,
    reference_command,
    serve,
)
from herenow_sdk.conformance.specification import (
    Requirement,
    citation_faults,
    form_faults,
    read_requirements,
    specification_path,
)
from herenow_sdk.conformance.vectors import BadVectors, Case, Suite, folder, load, read
from herenow_sdk.core import reasons

TIMEOUT_S: Final = 10.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; 0 when it went well, 1 when something is wrong, 2 for wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.act(options, options.vectors or folder()))
    except (BadVectors, ShimFailure) as bad:
        print(bad, file=sys.stderr)  # noqa: T201 - a command line prints
        return 1


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m herenow_sdk.conformance", description=__doc__)
    parser.set_defaults(act=_run)
    parser.add_argument("--exec", metavar="COMMAND", help="the shim to ask; without it, the reference")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON")
    parser.add_argument("--only", metavar="ID", help="ask this one case")
    parser.add_argument("--explain", action="store_true", help="with --only: what the reference computes")
    parser.add_argument("--timeout", type=float, default=TIMEOUT_S, metavar="S", help="seconds for an answer")
    parser.add_argument(
        "--vectors", type=Path, metavar="DIR", help="another folder of vectors than the one that came with us"
    )
    _add_subcommands(parser)
    return parser


def _add_subcommands(parser: ArgumentParser) -> None:
    commands = parser.add_subparsers(title="for authors of vectors", metavar="")
    serving = commands.add_parser("serve", help="be a shim: answer questions on standard input")
    serving.set_defaults(act=_serve)
    check = commands.add_parser("check", help="is every requirement shown, every code asserted?")
    check.add_argument("--tests", type=Path, required=True, help="the folder of tests that cite requirements")
    check.set_defaults(act=_check)
    add = commands.add_parser("add", help="add the cases of a draft to the suite of the same file name")
    add.add_argument("draft", type=Path)
    add.set_defaults(act=_add)
    remove = commands.add_parser("remove", help="retire a case and its id")
    remove.add_argument("id")
    remove.add_argument("--why", required=True)
    remove.set_defaults(act=_remove)
    index = commands.add_parser("index", help="write index.json anew, after editing a suite by hand")
    index.add_argument("--check", action="store_true", help="only tell whether it is as it has to be")
    index.set_defaults(act=_index)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command line prints


def _run(options: Namespace, root: Path) -> int:
    suites = load(root)
    command = shlex.split(options.exec) if options.exec else reference_command()
    with Shim(command, timeout_s=options.timeout) as shim:
        description = shim.describe(authoring.SPEC)
        if options.only:
            return _ask_one(options, suites, shim, description)
        _say(report.greeting(description, authoring.SPEC))
        results = run(suites, shim, description, lambda result: _say(report.progress_line(result)))
        faults = declaration_faults(description, authoring.SPEC, _capabilities(root))
        done = Run(description, results, tuple(faults))
        return _conclude(options, root, done, shim.complaints)


def _conclude(options: Namespace, root: Path, done: Run, complaints: Sequence[str]) -> int:
    requirements = _requirements()
    for line in report.failure_lines(done, requirements):
        _say(line)
    if not done.conforms and complaints:
        _say("\n  It wrote to standard error:\n    " + "\n    ".join(complaints))
    if options.report:
        document = report.report_json(done, root, authoring.SPEC, requirements)
        options.report.parent.mkdir(parents=True, exist_ok=True)
        options.report.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    _say(report.closing_line(done))
    return 0 if done.conforms else 1


def _ask_one(options: Namespace, suites: Sequence[Suite], shim: Shim, description: Description) -> int:
    suite, case = _found(options.only, suites)
    judgement = judge(suite, case, shim, description)
    if options.explain:
        for line in report.explanation(suite, case, judgement.answered, _requirements()):
            _say(line)
    _say(f"{case.id}  {judgement.verdict.value}  {judgement.why}".rstrip())
    return int(judgement.verdict is Verdict.FAILED)


def _found(case_id: str, suites: Sequence[Suite]) -> tuple[Suite, Case]:
    for suite in suites:
        for case in suite.cases:
            if case.id == case_id:
                return suite, case
    raise BadVectors([f"there is no case {case_id}"])


def _requirements() -> Mapping[str, Requirement]:
    try:
        return read_requirements(specification_path().read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise BadVectors([str(missing)]) from missing


def _capabilities(root: Path) -> frozenset[str]:
    """Every capability that a suite may name."""
    schema = read(root / "suite.schema.json")
    return frozenset(schema["properties"]["capability"]["enum"]) - {None}


def _serve(_: Namespace, root: Path) -> int:
    described = {
        "sdk": "herenow-sdk (reference)",
        "version": __version__,
        "spec": authoring.SPEC,
        "capabilities": sorted(_capabilities(root)),
    }

    def answer(operation: str, given: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"result": described} if operation == DESCRIBE else reference.answer(operation, given)

    for line in serve(answer, iter(sys.stdin)):
        _say(line)
    return 0


def _check(options: Namespace, root: Path) -> int:
    text = specification_path().read_text(encoding="utf-8")
    requirements = read_requirements(text)
    cases = [case for suite in load(root) for case in suite.cases]
    trees = list(evidence.syntax_trees(options.tests))
    unasserted = evidence.unasserted_codes(evidence.codes_of(reasons), cases, trees)
    faults = [
        *form_faults(text),
        *citation_faults(
            requirements, {case.requirement for case in cases}, evidence.cited_requirements(trees)
        ),
        *(f"{code} is asserted by no vector and no test" for code in unasserted),
    ]
    if faults:
        raise BadVectors(faults)
    _say(
        f"{len(requirements)} requirements, {len(cases)} cases: each requirement is shown, each code asserted"
    )
    return 0


def _add(options: Namespace, root: Path) -> int:
    ids = authoring.add(options.draft, root)
    _say(f"added {len(ids)} cases: {ids[0]} to {ids[-1]}" if ids else "the draft holds no cases")
    return 0


def _remove(options: Namespace, root: Path) -> int:
    authoring.remove(options.id, options.why, root)
    _say(f"{options.id} is retired")
    return 0


def _index(options: Namespace, root: Path) -> int:
    if not options.check:
        authoring.rewrite(root)
        return 0
    path = root / "index.json"
    if path.is_file() and path.read_text(encoding="utf-8") == authoring.index_text(root):
        return 0
    raise BadVectors(
        ["index.json is not what the suites make it; run: python -m herenow_sdk.conformance index"]
    )
