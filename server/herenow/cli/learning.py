"""``learn``: what the whole app teaches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from herenow.authoring.pointer import NO_MODEL
from herenow.cli.connection import Connection, connected
from herenow.cli.events import Day, facets_known, tell_day
from herenow.cli.local import LocalWorkspace
from herenow.cli.output import json_option, print_json
from herenow.errors import Conflict, NotFound
from herenow.priors.counting import Asides, days_in, senders_in
from herenow.priors.export import export
from herenow.priors.learned import LEAST_DAYS, Learned, Live, table
from herenow.priors.learned import learn as learned_of
from herenow.profiles.installation import Installation
from herenow.scope import Scope
from herenow.services import Services


@click.command("learn")
@click.option("--events", type=click.Path(path_type=Path, file_okay=False), help="Keep the export here.")
@click.option("--from-day", type=Day(), help="The first day to learn from, in UTC.")
@click.option("--to-day", type=Day(), help="The last day.")
@click.option("--force", is_flag=True, help="Serve it although it is worse, or of few days.")
@click.option("--use", metavar="VERSION", help="Learn nothing; serve this model again (m-0: none).")
@json_option
@connected
def learn(
    connection: Connection,
    *,
    events: Path | None,
    from_day: date | None,
    to_day: date | None,
    force: bool,
    use: str | None,
    as_json: bool,
) -> None:
    """Learn from the log of this machine's stores what holds for everybody, and serve it if it is good.

    The log is exported (see herenow events export), counted, and judged on its last days beside the model
    that is live. The same log gives the same model, so running it again publishes nothing. Needs
    herenow[learn].

    \b
    herenow learn --app my-app
    herenow learn --app my-app --use m-0

    Exit codes: 0 done, 1 worse than what is live, not to be judged, or could not be, 2 wrong usage.
    """  # noqa: D301 - \b is click's mark for text that keeps its lines
    scope = connection.scope_here()
    with connection.local(scope) as workspace:
        if use is not None:
            _use(workspace, use)
            return
        before = workspace.services.publishing.live(scope)
        learned = _learned(workspace.services, scope, events, (from_day, to_day))
        if as_json:
            print_json({"version": learned.model.version, **learned.as_json()})
        elif learned.scores:
            click.echo("\n".join(table(learned.scores)))
        if learned.model.version == before.model:
            click.echo(f"{before.model} is live already.", err=True)
            return
        if learned.worse and not force:
            raise Conflict(
                f"what was learned is worse than {learned.against}, which stays live",
                code="MODEL_WORSE",
                detail="See the table; --force serves it all the same.",
            )
        if learned.unjudged and not force:
            raise Conflict(
                f"fewer than {LEAST_DAYS} days cannot be judged beside {learned.against}, which stays live",
                code="MODEL_UNJUDGED",
                detail="Give more days; --force serves it all the same.",
            )
        services, who = workspace.services, workspace.actor
        services.models.keep(scope, learned.model, by=who, checked=learned.as_json())
        pointer = services.publishing.publish_model(
            scope, learned.model.version, by=who, if_match=before.sequence
        )
    click.echo(f"{pointer.model} is live in {scope} (sequence {pointer.sequence}).", err=True)


def _use(workspace: LocalWorkspace, version: str) -> None:
    services, scope = workspace.services, workspace.scope
    if version != NO_MODEL:
        services.models.open(scope, version)
    pointer = services.publishing.publish_model(scope, version, by=workspace.actor)
    click.echo(f"{version} is live in {scope} (sequence {pointer.sequence}).", err=True)


def _learned(
    services: Services, scope: Scope, events: Path | None, span: tuple[date | None, date | None]
) -> Learned:
    place: Any = nullcontext(events) if events is not None else TemporaryDirectory(prefix="herenow-learn-")
    with place as folder:
        days = export(
            services.event_log,
            scope,
            Path(folder),
            facets_of=facets_known(services, scope),
            first=span[0],
            last=span[1],
            told=tell_day,
        )
        return learned_of(
            days,
            _asides(services, scope, days),
            _live(services, scope),
            first=span[0],
            last=span[1],
            told=lambda what: click.echo(what, err=True),
        )


def _live(services: Services, scope: Scope) -> Live:
    version = services.publishing.live(scope).model
    if version == NO_MODEL:
        return Live()
    try:
        record = services.models.record(scope, version)
    except NotFound:
        return Live()
    days = record["checked"].get("days")
    through = date.fromisoformat(days[1]) if days else None
    return Live(services.serving.current(scope).model, through)


def _forms(services: Services, scope: Scope) -> dict[str, str]:
    """The form of each offer of the live release."""
    offers = services.serving.current(scope).documents.get("offers.json", {})
    return {name: offer["form"] for name, offer in offers.items() if not name.startswith("$")}


def _asides(services: Services, scope: Scope, days: Path) -> Asides:
    """What is known beside the log, of those that are in it."""
    found = (services.installations.get(scope, who) for who in senders_in(list(days_in(days).values())))
    known = [each for each in found if each is not None]
    return Asides(
        _forms(services, scope),
        [segment for each in known for segment in _segments(each)],
        {each.id: each.belongs_to.subject for each in known if each.belongs_to is not None},
    )


def _segments(known: Installation) -> Iterator[tuple[str, str]]:
    """Where an installation came from: its source, and the country that it told."""
    if known.acquisition is not None and known.acquisition.source:
        yield known.id, f"source:{known.acquisition.source}"
    country = known.context.get("country")
    if isinstance(country, str):
        yield known.id, f"country:{country}"
