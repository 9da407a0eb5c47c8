"""Templates made of texts, and texts made of templates.

A text is compiled once in a process however many messages say it. A template that has nothing but
``{{name}}`` is filled by the contract's own function, which a phone runs too; any other by Liquid. Both agree
on what both can say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from liquid.ast import Node
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.context import RenderContext
from liquid.exceptions import LiquidError
from liquid.expression import Expression
from liquid.template import BoundTemplate

from herenow.templates.language import Language
from herenow_sdk.core import templates as plain

TEMPLATE_FAILED: Final = "TEMPLATE_FAILED"
"""The reason of a message that is not sent because it could not be put into words."""
MAX_SOURCE: Final = 4096
"""Characters of a text before it is filled."""

_LANGUAGE: Final = Language()


class WrongTemplate(ValueError):
    """A text that is no template of ours, with the reason and the character it is told of (from 0)."""

    def __init__(self, reason: str, at: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


class TemplateFailed(Exception):
    """A template that could not be filled whole: a value is missing, or it grew too large."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Name:
    """A name that a template reads, as far as it is written out, and the character it stands at."""

    path: str
    at: int


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled text: the names it reads, its filters and tags, and how to fill it."""

    source: str
    names: tuple[Name, ...]
    filters: frozenset[str]
    tags: frozenset[str]
    liquid: BoundTemplate

    @property
    def is_plain(self) -> bool:
        """Whether it has nothing but text and ``{{name}}``: a phone fills it by itself (SPEC 11.13.2)."""
        return plain.is_plain(self.source)

    def fill(self, values: Mapping[str, Any]) -> str:
        """The text. Raises ``TemplateFailed``: there is never half a text."""
        try:
            return self.liquid.render(values)
        except LiquidError as error:
            raise TemplateFailed(str(error.message)) from error
        except (ArithmeticError, ValueError, TypeError, AttributeError, RecursionError) as error:
            # filters of the library let these through for values they do not expect
            raise TemplateFailed(type(error).__name__) from error


@lru_cache(maxsize=8192)
def compiled(source: str) -> Template:
    """The template of a text. Raises ``WrongTemplate``."""
    if len(source) > MAX_SOURCE:
        raise WrongTemplate(f"longer than {MAX_SOURCE} characters")
    try:
        liquid = _LANGUAGE.from_string(source)
        found = liquid.analyze(include_partials=False)
        _refuse_ranges(liquid)
    except LiquidError as error:
        raise WrongTemplate(str(error.message), error.token.start_index if error.token else 0) from error
    except RecursionError as error:
        raise WrongTemplate("nested too deep") from error
    if unknown := found.filters.keys() - _LANGUAGE.filters.keys():
        name = min(unknown)
        raise WrongTemplate(f"there is no filter '{name}'", found.filters[name][0].index)
    names = [
        Name(_written_out(each.segments), each.span.index) for many in found.globals.values() for each in many
    ]
    in_order = tuple(sorted(names, key=lambda name: name.at))
    return Template(source, in_order, frozenset(found.filters), frozenset(found.tags), liquid)


def rendered(source: str, values: Mapping[str, Any]) -> str:
    """A text filled. Raises ``TemplateFailed``, also for what is no template."""
    if "{" not in source:
        return source
    try:
        template = compiled(source)
    except WrongTemplate as error:
        raise TemplateFailed(error.reason) from error
    if not template.is_plain:
        return template.fill(values)
    text = plain.render(source, values)
    if text is None:
        raise TemplateFailed(f"one of {', '.join(plain.names(source))} has no value")
    return text


def filters() -> tuple[str, ...]:
    """The names of the filters there are, sorted."""
    return tuple(sorted(_LANGUAGE.filters))


def _written_out(segments: Any) -> str:
    """The leading steps of a path that are names: of ``item.tags[0]`` it is ``item.tags``."""
    path = []
    for each in segments:
        if not isinstance(each, str):
            break
        path.append(each)
    return ".".join(path)


def _refuse_ranges(template: BoundTemplate) -> None:
    """Raise ``WrongTemplate`` for ``(1..n)``: however long, it is worked through when it is compared."""
    context = RenderContext(template)
    for expression in _expressions(template.nodes, context):
        if isinstance(expression, RangeLiteral):
            raise WrongTemplate("there are no ranges", expression.token.start_index)


def _expressions(nodes: Iterable[Node], context: RenderContext) -> Iterator[Expression]:
    for node in nodes:
        for expression in node.expressions():
            yield from _within(expression)
        yield from _expressions(node.children(context, include_partials=False), context)


def _within(expression: Expression) -> Iterator[Expression]:
    yield expression
    for below in expression.children():
        yield from _within(below)
