"""Readings, counts and histories on a terminal."""

import datetime as dt
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whipcount.article import Contest, Position, Reading, Span, Stand
from whipcount.conflicts import Conflict
from whipcount.ledger.events import Action
from whipcount.ledger.evidence import ArticleRef, Evidence
from whipcount.ledger.link import attribution_of
from whipcount.people import Identity
from whipcount.publish.json import as_read_json, named
from whipcount.publish.words import sourcing_words, stand_words
from whipcount.standing import Holdout, Report, Standing, Tally, tally, visible

_COLOURS = {
    Stand.ENDORSED: "bold green",
    Stand.SUPPORTS: "green",
    Stand.EXPECTED: "cyan",
    Stand.WITHHOLDING: "bold yellow",
    Stand.REFUSED: "bold red",
    Stand.WITHDRAWN: "red",
}
# An article's text must not steer the terminal: no control characters, no change of direction.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]+")


def console(width: int | None = None) -> Console:
    """A console for listings; 100 columns wide where nothing says otherwise, as in a pipe."""
    if width is None and not sys.stdout.isatty() and "COLUMNS" not in os.environ:
        width = 100
    return Console(width=width, highlight=False, emoji=False, markup=False)


def plain(text: str) -> str:
    """The text on one line, without anything that a terminal would obey."""
    return " ".join(_CONTROL.sub(" ", text).split())


def stand_text(stand: Stand, words: str = "") -> Text:
    """A position in its colour, or other words for it."""
    return Text(words or stand.value, style=_COLOURS[stand])


def show_reading(out: Console, reading: Reading, *, explain: bool = False) -> None:
    """What one article says, position by position, each with its sentence."""
    article = reading.article
    out.print(Text(plain(article.title) or plain(article.id), style="bold"))
    origin = [article.outlet or "outlet unknown"]
    if article.original_outlet and article.original_outlet != article.outlet:
        origin.append(f"first in {article.original_outlet}")
    origin.append(day_text(article.published))
    if article.title:
        origin.append(article.id)
    out.print(Text(plain(" · ".join(origin)), style="dim"))
    for position in reading.positions:
        out.print()
        out.print(Padding(_position(reading, position, explain=explain), (0, 0, 0, 2), expand=False))
    if not reading.positions:
        out.print(Text("  no position found", style="dim"))
    if reading.unclear:
        out.print()
        out.print(Text("  Unclear, for review (not counted)", style="magenta"))
    for position in reading.unclear:
        out.print()
        out.print(Padding(_position(reading, position, explain=explain), (0, 0, 0, 4), expand=False))
    for error in reading.errors:
        out.print(Text(f"  {plain(error)}", style="red"))
    out.print()


def _position(reading: Reading, position: Position, *, explain: bool) -> RenderableType:
    text = reading.article.text
    head = Text.assemble(
        (plain(position.endorser), "bold"),
        " ",
        (stand_words(position.position), _COLOURS[position.position]),
        " ",
        (plain(position.endorsee), "bold"),
        *([" (past contest)"] if position.contest is Contest.PAST else []),
    )
    grid = grid_of()
    grid.add_row("how", plain(sourcing_words(position.sourcing, position.via)))
    if position.said_on:
        grid.add_row("said", position.said_on.isoformat())
    grid.add_row("sentence", _sentence(text, position.evidence, position.conditions))
    for number, span in enumerate(position.conditions):
        grid.add_row("asks for" if number == 0 else "", Text(plain(span.of(text)), style="italic"))
    if explain:
        grid.add_row("sure", f"{position.confidence:.2f}")
        grid.add_row("because", plain(position.because) or "not given")
        for who, name in (("endorser", position.endorser), ("endorsee", position.endorsee)):
            forms = [f"“{plain(m.span.of(text))}” ({m.form})" for m in named(reading, position, name)]
            grid.add_row(who, "; ".join(forms) or "not named in this sentence")
        grid.add_row("known by", "; ".join(position.known_by) or "not given")
        said_in = attribution_of(position, reading.attributions)
        if said_in is None:
            grid.add_row("said in", "no attribution: the article's own voice")
        else:
            said = reading.attributions[said_in]
            grid.add_row("source", _parts(text, said.source) or "none")
            grid.add_row("cue", _parts(text, said.cue) or "none")
            grid.add_row("content", _parts(text, said.content))
    return under(head, grid)


def show_count(
    out: Console,
    standings: Iterable[Standing],
    contests: Mapping[str, str] | None = None,
    points: Callable[[Standing], float | None] | None = None,
) -> None:
    """The standings by endorsee, each group under its totals; `contests` has the names of contests by their ids."""
    for (contest, contest_id, _), group in groupby(
        standings, key=lambda s: (s.contest, s.contest_id, s.endorsee.id)
    ):
        rows = sorted(group, key=lambda s: (list(Stand).index(s.position), s.endorser.name))
        head = Text.assemble((plain(rows[0].endorsee.name), "bold"))
        if contest_id:
            head.append(f", {plain((contests or {}).get(contest_id, contest_id))}")
        elif contest is Contest.PAST:
            head.append(" in a past contest")
        sums = [points(row) or 0 for row in rows] if points else []
        out.print(head.append(f": {totals(rows)}" + (f", {sum(sums):g} points" if points else "")))
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
        for title, least in (("Endorser", 12), ("Position", 11), ("Since", 10), ("How it is known", 12)):
            table.add_column(title, min_width=least, overflow="fold")
        table.add_column("Reports", min_width=7, overflow="fold")
        if points:
            table.add_column("Points", min_width=6)
        for row in rows:
            table.add_row(
                plain(row.endorser.name),
                Text(row.position.value, style=_COLOURS[row.position]),
                day_text(row.since),
                _known_by(row),
                _reports(row),
                *([f"{points(row) or 0:g}"] if points else []),
            )
        out.print(Padding(table, (0, 0, 0, 2), expand=False))
        out.print()


def totals(standings: Iterable[Standing]) -> str:
    """How many hold each position: "3 endorsed, 1 withholding"."""
    counts = Counter(standing.position for standing in standings)
    return ", ".join(f"{counts[stand]} {stand.value}" for stand in Stand if counts[stand])


def show_holdouts(out: Console, holdouts: Iterable[Holdout]) -> None:
    """Who has not come out, longest first, with what they ask for and their last words."""
    for holdout in holdouts:
        standing = holdout.standing
        for_days = "" if holdout.days is None else f" for {_number(holdout.days, 'day')}"
        head = Text.assemble(
            (plain(standing.endorser.name), "bold"),
            " ",
            (stand_words(standing.position), _COLOURS[standing.position]),
            " ",
            (plain(standing.endorsee.name), "bold"),
            for_days,
        )
        best = standing.best
        grid = grid_of()
        grid.add_row("since", day_text(standing.since))
        grid.add_row("how", plain(sourcing_words(best.sourcing, best.via)))
        for number, words in enumerate(standing.conditions):
            grid.add_row("asks for" if number == 0 else "", Text(plain(words), style="italic"))
        grid.add_row("last words", plain(best.quote.exact))
        grid.add_row("", Text(_source(best.article, best.day), style="dim"))
        grid.add_row("rests on", _remark(standing))
        out.print(under(head, grid))
        out.print()


def show_history(
    out: Console, identity: Identity, found: Sequence[Report], rest: Sequence[Evidence] = (),
    clashes: Sequence[Conflict] = (), as_of: dt.date | None = None,
) -> None:  # fmt: skip
    """Everything that the ledger holds on one endorser or endorsee, oldest first; `rest` is what does not count."""
    out.print(Text.assemble((plain(identity.name), "bold"), (f"  {identity.id}", "dim")))
    still = [report for report in found if visible(report.evidence, as_of)]
    out.print(Text(_tally(tally(still)), style="dim"))
    for clash in clashes:
        out.print(Text(f"disputed: {plain(clash.text)}; {plain(clash.rule)}", style="magenta"))
    # Reports come in their order; what does not count is put in by its day.
    shown = sorted([*found, *(Report(one) for one in rest)], key=lambda one: one.day or dt.date.min)
    for report in shown:
        one = report.evidence
        head = Text.assemble(
            (f"{day_text(one.day):<10}", "dim"),
            "  ",
            plain(one.endorser.name),
            " ",
            (stand_words(one.position), _COLOURS[one.position]),
            " ",
            plain(one.endorsee.name),
            *([" (past contest)"] if one.contest is Contest.PAST else []),
        )
        grid = grid_of()
        if one.excluded:
            grid.add_row("not counted", Text(_excluded(one), style="magenta"))
        elif one.by_hand:
            grid.add_row("entered", plain(f"by hand by {one.by_hand}"))
        if one.correction:
            grid.add_row("corrected", plain(_correction(one)))
        grid.add_row("how", plain(sourcing_words(one.sourcing, one.via)))
        grid.add_row("sentence", plain(one.quote.exact))
        for number, quote in enumerate(one.conditions):
            grid.add_row("asks for" if number == 0 else "", Text(plain(quote.exact), style="italic"))
        grid.add_row("source", _source(one.article, one.article.published))
        if one.article.url:
            grid.add_row("", Text(plain(one.article.url), style="dim"))
        for name, others in (("copy", report.copies), ("relayed", report.relays)):
            for other in others:
                line = _source(other.article, other.article.published)
                grid.add_row(name, Text(line, style="dim"))
        if len(report.all) > 1:
            grid.add_row("rests on", _tally(tally([report])))
        if one.until:
            grid.add_row("now", _now(one))
        if one.excluded:
            head.stylize("dim" if one.waits else "dim strike")
        out.print()
        out.print(Padding(under(head, grid), (0, 0, 0, 2), expand=False))


def _excluded(one: Evidence) -> str:
    """Why evidence does not count, and since when."""
    decided = one.undone or one.set_aside
    if one.verdict and one.verdict.action is Action.REJECT:
        decided = one.verdict
    return plain(f"{one.excluded}" + (f", {decided.at:%Y-%m-%d}" if decided else ""))


def _correction(one: Evidence) -> str:
    """Who corrected what, and what was read."""
    if one.correction is None:
        return ""
    read = "; ".join(f"{name} was {value_words(value)}" for name, value in as_read_json(one).items())
    return f"by {one.correction.by}, {one.correction.at:%Y-%m-%d}: {read or 'as it was read'}"


def value_words(value: Any) -> str:
    """A field's value in words."""
    if isinstance(value, list):
        return " | ".join(value_words(one) for one in value) or "none"
    if isinstance(value, dict):
        return f"“{value['exact']}”"
    return "unknown" if value is None else str(value)


def _now(evidence: Evidence) -> str:
    """What became of a sentence whose page has changed."""
    when = "" if evidence.until in {None, dt.date.min} else f" since {evidence.until}"
    words = {"exact": "still on the page, read otherwise", "edited": "edited"}
    return f"{words.get(evidence.held or '', 'gone from the page')}{when}"


def grid_of() -> Table:
    """Two columns: a dim label and what it says."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", min_width=10)
    grid.add_column(overflow="fold")
    return grid


def under(head: Text, grid: Table) -> RenderableType:
    """A grid under its heading."""
    both = Table.grid()
    both.add_row(head)
    both.add_row(Padding(grid, (0, 0, 0, 2)))
    return both


def _sentence(text: str, evidence: Span, conditions: Iterable[Span]) -> Text:
    """The evidence, highlighted; what it asks for stands out within it."""
    shown = Text(plain(evidence.of(text)), style="yellow")
    for span in conditions:
        if evidence.holds(span):
            at = shown.plain.find(plain(span.of(text)))
            if at >= 0:
                shown.stylize("underline", at, at + len(plain(span.of(text))))
    return shown


def _parts(text: str, spans: Iterable[Span]) -> str:
    return " … ".join(plain(span.of(text)) for span in spans)


def day_text(day: dt.date | None) -> str:
    """A day, if it is known."""
    return day.isoformat() if day else "unknown"


def _source(article: ArticleRef, day: dt.date | None) -> str:
    words = [article.outlet or article.original_outlet or "outlet unknown"]
    if article.original_outlet and article.outlet and article.original_outlet != article.outlet:
        words.append(f"first in {article.original_outlet}")
    words.append(day.isoformat() if day else "date unknown")
    return plain(", ".join(words))


def _known_by(standing: Standing) -> Text:
    words = Text(plain(sourcing_words(standing.best.sourcing, standing.best.via)))
    for mark in _marks(standing):
        words.append(", ").append(mark, style="magenta")
    return words


def _remark(standing: Standing) -> str:
    return ", ".join([_tally(tally(standing.reports)), *_marks(standing)])


def _marks(standing: Standing) -> list[str]:
    """What a reader should know before relying on it."""
    marks = ["to review"] if standing.to_review else []
    return [*marks, "disputed"] if standing.disputed else marks


def _reports(standing: Standing) -> str:
    one = tally(standing.reports)
    further = _further(one)
    return f"{one.reports} (+{', '.join(further)})" if further else str(one.reports)


def _tally(one: Tally) -> str:
    """ "1 report, 12 copies"."""
    return ", ".join([_number(one.reports, "report"), *_further(one)])


def _further(one: Tally) -> list[str]:
    copies = [_number(one.copies, "copy", "copies")] if one.copies else []
    return copies + ([_number(one.relays, "relay")] if one.relays else [])


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
