"""Which Liquid there is: tags, filters and bounds.

Left out is what could read other files (``include``, ``render``), tell the time or differ between two runs
(``date`` of ``now``), keep a state (``increment``, ``cycle``), or grow a text beyond what its arguments let
foresee (``replace``, ranges). A value that is missing, ``null``, ``""`` or an object cannot be shown, only
tested by ``if`` and replaced by ``default``: what is shown reads as in the contract's own templates (7.9).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import wraps
from typing import Any, ClassVar, Final, TextIO

from liquid import Environment, Mode
from liquid.builtin import content, illegal, output
from liquid.builtin.filters import array, math, misc, string
from liquid.builtin.tags import (
    assign_tag,
    capture_tag,
    case_tag,
    comment_tag,
    for_tag,
    if_tag,
    inline_comment_tag,
    unless_tag,
)
from liquid.context import RenderContext
from liquid.exceptions import FilterArgumentError, FilterValueError, UndefinedError
from liquid.template import BoundTemplate
from liquid.undefined import UNDEFINED, FalsyStrictUndefined, is_undefined

from herenow_sdk.core.templates import shown

MAX_LOOPS: Final = 200
"""Turns of all loops of one text, those inside others multiplied."""
MAX_OUTPUT: Final = 8192
"""Bytes that one text may come to."""
MAX_KEPT: Final = 16_384
"""Bytes of what ``assign`` and ``capture`` keep."""
MAX_NESTING: Final = 8
MAX_ARGUMENT: Final = 4096
"""Characters of a text, or elements of a list, that a filter takes."""

Filter = Callable[..., Any]


def date(moment: Any, form: str) -> str:
    """A day or local time as the variables tell it (ISO 8601), in the form of ``strftime``."""
    if not isinstance(moment, str):
        raise FilterArgumentError("date takes a text such as 2026-12-31 18:00", token=None)
    try:
        return datetime.fromisoformat(moment).strftime(form)
    except ValueError as error:
        raise FilterArgumentError("date cannot read what it is given", token=None) from error


FILTERS: Final[dict[str, Filter]] = {
    "abs": math.abs_,
    "append": string.append,
    "at_least": math.at_least,
    "at_most": math.at_most,
    "capitalize": string.capitalize,
    "ceil": math.ceil,
    "compact": array.compact,
    "date": date,
    "default": misc.default,
    "divided_by": math.divided_by,
    "downcase": string.downcase,
    "first": array.first,
    "floor": math.floor,
    "join": array.join,
    "last": array.last,
    "minus": math.minus,
    "modulo": math.modulo,
    "plus": math.plus,
    "prepend": string.prepend,
    "remove": string.remove,
    "round": math.round_,
    "size": misc.size,
    "slice": string.slice_,
    "sort": array.sort,
    "split": string.split,
    "squish": string.squish,
    "strip": string.strip,
    "times": math.times,
    "truncate": string.truncate,
    "truncatewords": string.truncatewords,
    "uniq": array.uniq,
    "upcase": string.upcase,
    "url_encode": string.url_encode,
}
TAGS: Final = (
    content.Literal,
    illegal.Illegal,
    assign_tag.AssignTag,
    capture_tag.CaptureTag,
    case_tag.CaseTag,
    comment_tag.CommentTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    for_tag.ForTag,
    if_tag.IfTag,
    inline_comment_tag.InlineCommentTag,
    unless_tag.UnlessTag,
)


class _Missing(FalsyStrictUndefined):
    """What has no value: false when tested, replaced by ``default``, an error when shown."""

    __slots__ = ()
    force_liquid_default = True


class _Context(RenderContext):
    __slots__ = ()

    def get(self, path: list[object], *, token: Any, default: object = UNDEFINED) -> object:
        """The value at a path; one with nothing to show counts as missing."""
        value = super().get(path, token=token, default=default)
        if default is UNDEFINED and (value is None or value == ""):
            name = ".".join(map(str, path))
            return self.env.undefined(name, hint=f"'{name}' has no value", token=token)
        return value


class _Template(BoundTemplate):
    context_class = _Context


class _OutputNode(output.OutputNode):
    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the value as the contract shows it."""
        value = self.expression.evaluate(context)
        if is_undefined(value):
            raise UndefinedError(getattr(value, "msg", "a value is missing"), token=self.token)
        if isinstance(value, Decimal):
            value = float(value)
        text = value if isinstance(value, str) else shown(value)
        if text is None:
            raise UndefinedError(f"'{self.expression}' has nothing to show", token=self.token)
        return buffer.write(text)


class _Output(output.Output):
    node_class = _OutputNode


class Language(Environment):
    """The one environment of all templates."""

    block_nesting_limit: ClassVar[int] = MAX_NESTING
    loop_iteration_limit: ClassVar[int | None] = MAX_LOOPS
    local_namespace_limit: ClassVar[int | None] = MAX_KEPT
    output_stream_limit: ClassVar[int | None] = MAX_OUTPUT
    template_class = _Template

    def __init__(self) -> None:
        super().__init__(tolerance=Mode.STRICT, undefined=_Missing, strict_filters=True, autoescape=False)

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Register what is listed here, and nothing else."""
        del extra
        for tag in (*TAGS, _Output):
            self.add_tag(tag)
        for name, function in FILTERS.items():
            self.add_filter(name, _bounded(name, function))


def _bounded(name: str, function: Filter) -> Filter:
    """The filter, refusing missing values and what is too large to work on."""

    @wraps(function)
    def bounded(value: Any, *arguments: Any, **named: Any) -> Any:
        checked = arguments if name == "default" else (value, *arguments)
        for each in checked:
            if is_undefined(each):
                raise UndefinedError(getattr(each, "msg", "a value is missing"), token=None)
        for each in (value, *arguments, *named.values()):
            if isinstance(each, str | list | tuple) and len(each) > MAX_ARGUMENT:
                raise FilterValueError(f"{name} takes at most {MAX_ARGUMENT} characters", token=None)
        return function(value, *arguments, **named)

    return bounded
