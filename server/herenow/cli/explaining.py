"""An explanation in words: why each rule of a feature did or did not decide, how each score is made.

Reads the JSON of an explanation, perhaps from a server of another version: what is missing reads as
"…", a check of an unknown name as its name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from herenow_sdk.core.checks import CheckName
from herenow_sdk.core.reasons import RuleOutcome

Json = Mapping[str, Any]

_MAX_VALUE: Final = 60
"""Characters shown of a value."""


def rule_lines(feature: Json) -> Iterator[str]:
    """A line a rule, in the order they are asked; those after the one that decided share one."""
    unasked = []
    for rule in feature.get("rules", ()):
        if rule.get("outcome") == RuleOutcome.NOT_ASKED:
            unasked.append(_rule_name(rule))
            continue
        asked = "; ".join(check_words(check) for check in rule.get("checks", ()))
        yield f"{_rule_name(rule)} {_outcome(rule)}{': ' if asked else ''}{asked}"
    if unasked:
        yield f"{', '.join(unasked)} not asked"


def check_words(check: Json) -> str:
    """One question with its answer."""
    name = str(check.get("check", ""))
    return CHECKS[name](check) if name in CHECKS else f"{name} {'holds' if check.get('passed') else 'fails'}"


def clause_words(clause: Json) -> str:
    """One clause of a condition with the values compared."""
    return _clause(clause)


def score_lines(placement: Json) -> dict[str, list[str]]:
    """By item: its score as the products it is made of, and where the score alone would put it."""
    return {str(item.get("id")): [_score_words(item)] for item in placement.get("items", ())}


def _rule_name(rule: Json) -> str:
    return f"rule '{rule['id']}'" if rule.get("id") else f"rule {rule.get('rule', 0) + 1}"


def _outcome(rule: Json) -> str:
    outcome = str(rule.get("outcome", "…"))
    return OUTCOMES.get(outcome, outcome)


def _score_words(item: Json) -> str:
    products = [
        f"{name} {part.get('weight')} × {part.get('feature')}" for name, part in item.get("parts", {}).items()
    ]
    made = f"score {item.get('score')}" + (f" = {' + '.join(products)}" if products else "")
    if item.get("pinned"):
        return f"{made}; pinned here"
    moved = item.get("rank") != item.get("position")
    return f"{made}; {item.get('rank')} by score, moved by pins or variety" if moved else made


def _clauses(check: Json) -> str:
    """The clauses compared; of those of a condition that fails only what failed."""
    clauses: Sequence[Json] = check.get("clauses", ())
    told = clauses if check.get("passed") else [each for each in clauses if not each.get("passed")]
    return " and ".join(_clause(each) for each in told) or "no condition"


def _clause(clause: Json) -> str:
    """``topic "travel" fits "travel"``; a junction by its name and how it came out."""
    if "path" not in clause:
        return f"{clause.get('clause', '…')} {'holds' if clause.get('passed') else 'fails'}"
    judged = "fits" if clause.get("passed") else "does not fit"
    return f"{clause['path']} {_value(clause.get('actual'))} {judged} {_value(clause.get('expected'))}"


def _prerequisite(check: Json) -> str:
    holds = "as needed" if check.get("passed") else "not as needed"
    return f"it depends on '{check.get('feature', '…')}', which is {holds}"


def _hashed(check: Json) -> str:
    """Where a person falls, from 0 up to 1."""
    if check.get("bucket") is None:
        return f"the person has no {check.get('attribute', '…')}"
    return f"{check.get('attribute', '…')} falls at {check['bucket']}"


def _rollout(check: Json) -> str:
    to = f"coverage {check['coverage']}" if "coverage" in check else f"range {_value(check.get('range'))}"
    return f"{_hashed(check)}, {'within' if check.get('passed') else 'outside'} {to}"


def _filter(check: Json) -> str:
    where = "within" if check.get("passed") else "outside"
    return f"{_hashed(check)}, {where} the filter {_value(check.get('ranges'))}"


def _experiment(check: Json) -> str:
    arm = f"arm {check['variation']}" if "variation" in check else "no arm"
    return f"experiment '{check.get('experiment', '…')}': {_hashed(check)}, {arm}"


def _text(check: Json) -> str:
    missing = [name for name, value in check.get("names", {}).items() if value is None]
    return f"the text needs {', '.join(missing)}" if missing else "the text has every name it shows"


def _value(value: Any) -> str:
    if value is None:
        return "unknown"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MAX_VALUE else f"{text[: _MAX_VALUE - 1]}…"


OUTCOMES: Final[Mapping[str, str]] = {
    RuleOutcome.DECIDES: "decides",
    RuleOutcome.SKIPPED: "does not apply",
    RuleOutcome.NOT_ASKED: "not asked",
    RuleOutcome.UNREADABLE: "holds nothing to decide by",
}

CHECKS: Final[Mapping[str, Callable[[Json], str]]] = {
    CheckName.PREREQUISITE: _prerequisite,
    CheckName.FILTER: _filter,
    CheckName.CONDITION: _clauses,
    CheckName.ROLLOUT: _rollout,
    CheckName.EXPERIMENT: _experiment,
    CheckName.TEXT: _text,
}
