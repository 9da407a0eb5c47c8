"""Speaks with any executable that answers vectors: one line of JSON out, one line back.

A shim reads ``{"id", "op", "given", "capability"}`` from its standard input and writes one of ``{"id",
"result"}``, ``{"id", "error": {"code"}}`` and ``{"id", "unsupported": capability}`` to its standard output,
in turn; what it writes to standard error is shown when it fails. The first question is ``describe``: who is
there, and which capabilities it has. A shim that hangs or dies is started again, so that one case costs no
other.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Thread
from typing import IO, Any, Final, Self

from herenow_sdk.conformance.schema import violations
from herenow_sdk.conformance.strict_json import NotStrict, dump, parse

DESCRIBE: Final = "describe"
"""The operation that every shim answers first."""
MAX_STARTS: Final = 25
"""A shim that fails more often than this is given up."""
_STDERR_LINES: Final = 20
_MAX_SHOWN: Final = 200
_KINDS: Final = ("result", "error", "unsupported")
_TEXT: Final = {"type": "string", "minLength": 1}
_DESCRIPTION: Final = {
    "type": "object",
    "required": ["sdk", "version", "spec", "capabilities"],
    "properties": {
        "sdk": _TEXT,
        "version": _TEXT,
        "spec": _TEXT,
        "capabilities": {"type": "array", "items": _TEXT},
        "unsupported": {"type": "object", "additionalProperties": _TEXT},
    },
}


class ShimFailure(Exception):
    """The executable gave no answer to a question; the message says what happened instead."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a shim says of itself: the SDK, its version, what it has, and what it lacks with the reason."""

    sdk: str
    version: str
    spec: str
    capabilities: frozenset[str]
    unsupported: Mapping[str, str] = field(default_factory=dict)


class Shim:
    """A running executable. Use as a context manager; ``timeout_s`` bounds each answer."""

    def __init__(self, command: Sequence[str], *, timeout_s: float) -> None:
        self._command = list(command)
        self._timeout_s = timeout_s
        self._starts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: Queue[bytes | None] = Queue()
        self._complaints: deque[str] = deque(maxlen=_STDERR_LINES)
        self._readers: tuple[Thread, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    @property
    def complaints(self) -> tuple[str, ...]:
        """The last lines that it wrote to standard error."""
        return tuple(self._complaints)

    def describe(self, spec: str) -> Description:
        """Who is there. Raises ``ShimFailure`` for no answer, or one of another form."""
        answer = self.ask({"id": DESCRIBE, "op": DESCRIBE, "given": {"spec": spec}})
        return read_description(answer.get("result"))

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """The answer without its id. Raises ``ShimFailure``; the next question finds it started anew."""
        try:
            return self._answer(question)
        except ShimFailure:
            self._stop()
            raise

    def _answer(self, question: Mapping[str, Any]) -> dict[str, Any]:
        process = self._running()
        stdin: IO[bytes] | None = process.stdin
        try:
            stdin.write(dump(question).encode() + b"\n")  # type: ignore[union-attr]  # it is a pipe
            stdin.flush()  # type: ignore[union-attr]
        except OSError as error:
            raise ShimFailure(f"it takes no more questions ({error.strerror})") from error
        try:
            line = self._lines.get(timeout=self._timeout_s)
        except Empty:
            raise ShimFailure(f"no answer within {self._timeout_s:g} s") from None
        if line is None:
            raise ShimFailure(f"it ended with exit status {process.wait()}")
        return _read_answer(line, question["id"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            if self._starts >= MAX_STARTS:
                raise ShimFailure(f"it failed {MAX_STARTS} times and is not started again")
            self._starts += 1
            self._process = self._start()
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            process = subprocess.Popen(  # noqa: S603 - running what the author names is the purpose
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
        except OSError as error:
            raise ShimFailure(f"it cannot be started: {error}") from error
        self._lines = Queue()
        self._readers = (
            Thread(target=_forward, args=(process.stdout, self._lines), daemon=True),
            Thread(target=_collect, args=(process.stderr, self._complaints), daemon=True),
        )
        for reader in self._readers:
            reader.start()
        return process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for reader in self._readers:
            reader.join(timeout=1)  # a grandchild may keep the pipe open; it is not waited for


def read_description(told: Any) -> Description:
    """The answer to ``describe``. Raises ``ShimFailure``."""
    if faults := list(violations(told, _DESCRIPTION)):
        raise ShimFailure(f"its answer to 'describe' does not fit: {'; '.join(faults)}")
    return Description(
        told["sdk"],
        told["version"],
        told["spec"],
        frozenset(told["capabilities"]),
        told.get("unsupported", {}),
    )


def serve(answer: Any, lines: Iterator[str]) -> Iterator[str]:
    """A shim's loop: a line of answer for each line of question; ``answer(op, given)`` gives its members."""
    for line in lines:
        question = parse(line)
        yield dump({"id": question["id"], **answer(question["op"], question["given"])})


def _read_answer(line: bytes, asked: str) -> dict[str, Any]:
    try:
        answer = parse(line)
    except NotStrict as fault:
        raise ShimFailure(f"its answer is not strict JSON: {fault}; it wrote {_shown(line)}") from fault
    if not isinstance(answer, dict) or answer.get("id") != asked:
        raise ShimFailure(f"its answer does not carry the id {asked!r}; it wrote {_shown(line)}")
    members = {name: value for name, value in answer.items() if name != "id"}
    if len(members) != 1 or next(iter(members)) not in _KINDS:
        raise ShimFailure(f"its answer must hold exactly one of {', '.join(_KINDS)}; it wrote {_shown(line)}")
    return members


def _shown(line: bytes) -> str:
    return repr(line[:_MAX_SHOWN].decode("utf-8", "replace").strip())


def _forward(source: IO[bytes], lines: Queue[bytes | None]) -> None:
    with source:
        for line in source:
            lines.put(line)
    lines.put(None)


def _collect(source: IO[bytes], kept: deque[str]) -> None:
    with source:
        for line in source:
            kept.append(line.decode("utf-8", "replace").rstrip())


def reference_command() -> list[str]:
    """The command that runs the reference itself as a shim."""
    return [sys.executable, "-m", "herenow_sdk.conformance", "serve"]
