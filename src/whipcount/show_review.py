"""The queue, one piece of evidence with its history, conflicts and figures on a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whipcount.agreement import Agreement, Calibration, Precision
from whipcount.article import Article, Attribution, Span
from whipcount.conflicts import Conflict
from whipcount.ledger.events import Event
from whipcount.ledger.evidence import Evidence
from whipcount.publish.json import as_read_json
from whipcount.publish.words import sourcing_words, stand_words
from whipcount.review import Item
from whipcount.show import grid_of, plain, under, value_words

_AROUND = 400
"""Characters of context on either side of a sentence."""


def show_queue(out: Console, items: Iterable[Item]) -> None:
    """What waits for a reader, a few lines each."""
    for item in items:
        grid = grid_of()
        for number, why in enumerate(item.why):
            grid.add_row("why" if number == 0 else "", plain(why))
        if item.evidence is not None:
            grid.add_row("sentence", plain(item.evidence.quote.exact))
        for number, choice in enumerate(item.choices):
            words = f"{choice.id}  {choice.name}, {choice.score:.2f}: {choice.why}"
            grid.add_row("may be" if number == 0 else "", plain(words))
        for number, one in enumerate(item.others):
            where = f"{one.id}  {one.article.outlet or 'outlet unknown'}, {one.day or 'date unknown'}"
            grid.add_row("beside" if number == 0 else "", Text(plain(where), style="dim"))
        if item.event is not None:
            grid.add_row("request", f"event {item.event.number}")
        grid.add_row("decide on", Text(f"{item.subject} --seen {item.seen}", style="dim"))
        head = Text.assemble((f"{item.kind.value:<9}", "magenta"), " ", (plain(item.title), "bold"))
        out.print(under(head, grid))
        out.print()


def show_evidence(
    out: Console, one: Evidence, article: Article, attribution: Attribution | None, events: Sequence[Event]
) -> None:
    """One piece of evidence as a reader needs it to decide: its sentence in place, and what was decided so far."""
    head = Text.assemble(
        (plain(one.endorser.name), "bold"),
        f" {stand_words(one.position)} ",
        (plain(one.endorsee.name), "bold"),
        (f"  {one.id}", "dim"),
    )
    grid = grid_of()
    if one.excluded:
        grid.add_row("not counted", Text(plain(one.excluded), style="magenta"))
    grid.add_row("article", plain(article.title) or plain(article.id))
    outlet = one.article.outlet or "outlet unknown"
    if one.article.original_outlet and one.article.original_outlet != one.article.outlet:
        outlet += f", first in {one.article.original_outlet}"
    grid.add_row("", Text(plain(f"{outlet}, {one.article.published or 'date unknown'}"), style="dim"))
    if one.article.url:
        grid.add_row("", Text(plain(one.article.url), style="dim"))
    grid.add_row("text", _in_context(article.text, one.quote.span))
    grid.add_row("span", f"{one.quote.span.start} to {one.quote.span.end} in {one.article.id}")
    grid.add_row("how", plain(sourcing_words(one.sourcing, one.via)))
    for number, quote in enumerate(one.conditions):
        grid.add_row("asks for" if number == 0 else "", Text(plain(quote.exact), style="italic"))
    grid.add_row("said", str(one.said_on or "unknown"))
    grid.add_row("contest", f"{one.contest.value}, {one.contest_id or 'which one is unknown'}")
    if attribution is not None:
        for name, spans in (
            ("source", attribution.source),
            ("cue", attribution.cue),
            ("content", attribution.content),
        ):
            words = " … ".join(plain(span.of(article.text)) for span in spans)
            grid.add_row(name, words or "none")
    grid.add_row("sure", _sure(one))
    grid.add_row("because", plain(one.because) or "not given")
    for number, (name, value) in enumerate(as_read_json(one).items()):
        grid.add_row("was read" if number == 0 else "", plain(f"{name}: {value_words(value)}"))
    for number, event in enumerate(events):
        grid.add_row("decisions" if number == 0 else "", plain(event_words(event)))
    grid.add_row("decide on", f"--seen {events[-1].number if events else 0}")
    out.print(under(head, grid))


def _sure(one: Evidence) -> str:
    if one.by_hand or one.undone:
        return "entered by hand"
    if one.verdict and one.sure == 1:
        return f"as {one.verdict.by} says ({one.confidence:.2f} as read)"
    shown = f"{one.confidence:.2f}"
    return (
        shown if one.calibrated is None else f"{one.calibrated:.2f} by what readers found ({shown} as read)"
    )


def _in_context(text: str, span: Span) -> Text:
    """The sentence with what stands around it."""
    start, end = max(0, span.start - _AROUND), min(len(text), span.end + _AROUND)
    before, after = plain(text[start : span.start]), plain(text[span.end : end])
    return Text.assemble(
        ("… " if start else "", "dim"),
        (f"{before} " if before else "", "dim"),
        (plain(span.of(text)), "bold yellow"),
        (f" {after}" if after else "", "dim"),
        (" …" if end < len(text) else "", "dim"),
    )


def event_words(event: Event) -> str:
    """One decision on one line."""
    what = f"undoes {event.undoes}" if event.undoes is not None else event.action.value
    said = "; ".join(f"{name}: {value_words(value)}" for name, value in event.data.items())
    return f"{event.number}  {event.at:%Y-%m-%d %H:%M}  {event.by}  {what}" + (f"  {said}" if said else "")


def show_log(out: Console, events: Iterable[Event]) -> None:
    """Decisions, the oldest first."""
    for event in events:
        out.print(Text.assemble(plain(event_words(event)), (f"  on {plain(event.subject)}", "dim")))


def show_conflicts(out: Console, found: Iterable[Conflict]) -> None:
    """What can't all hold, which report counts, and how to overrule that."""
    for conflict in found:
        grid = grid_of()
        grid.add_row("counts", Text(plain(f"{conflict.winner.id}: {conflict.rule}")))
        grid.add_row("", Text(plain(conflict.winner.quote.exact), style="yellow"))
        for number, one in enumerate(conflict.losers):
            grid.add_row("against" if number == 0 else "", plain(one.id))
            grid.add_row("", Text(plain(one.quote.exact), style="yellow"))
        out.print(under(Text(plain(conflict.text), style="bold"), grid))
        out.print()


def show_figures(
    out: Console, agreed: Sequence[Agreement], precise: Sequence[Precision], calibrated: Sequence[Calibration]
) -> None:
    """Agreement, precision and calibration as tables."""
    _figures(
        out,
        "Agreement of readers",
        ("Field", "Evidence", "Equal", "Alpha"),
        [(a.field, str(a.evidence), _share(a.equal), _share(a.alpha)) for a in agreed],
    )
    _figures(
        out,
        "Precision of what was read",
        ("By", "Value", "Reviewed", "Right", "Share", "95 %"),
        [
            (p.by, p.value, str(p.reviewed), str(p.right), _share(p.share), f"{p.low:.2f} to {p.high:.2f}")
            for p in precise
        ],
    )
    _figures(
        out,
        "Confidence",
        ("Band", "Reviewed", "As read", "Right", "Shown"),
        [
            (c.band, str(c.reviewed), _share(c.confidence), _share(c.share), _share(c.shown))
            for c in calibrated
        ],
    )


def _figures(out: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    out.print(Text(title, style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(plain(cell) for cell in row))
    out.print(
        Padding(table if rows else Text("nothing was reviewed", style="dim"), (0, 0, 1, 2), expand=False)
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
