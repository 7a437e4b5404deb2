"""People and organizations of the registry, and names asked of it, on a terminal."""

import datetime as dt
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whipcount.people.identity import Outcome
from whipcount.people.registry import Entry, Term
from whipcount.publish.people import Answer, Listed
from whipcount.show import plain

_COLOURS = {Outcome.RESOLVED: "green", Outcome.UNSURE: "bold yellow", Outcome.NEW: "dim"}


def _table(*titles: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for title in titles:
        table.add_column(title, overflow="fold")
    return table


def show_people(out: Console, listed: Sequence[Listed]) -> None:
    """A row an entry, by name."""
    table = _table("Name", "Office", "Place", "Party", "Id")
    for one in listed:
        place = "-".join(filter(None, (one.of("city") or one.of("state"), one.of("district"))))
        row = (one.entry.name, one.of("office") or one.entry.kind.value, place, one.of("party") or "")
        table.add_row(*map(plain, row), Text(one.entry.id, style="dim"))
    out.print(table)


def show_entry(out: Console, entry: Entry, on: dt.date | None) -> None:
    """One entry: what it was on a day, what it is called, whose ids it has, its terms."""
    out.print(Text.assemble((plain(entry.name), "bold"), (f"  {entry.id}", "dim")))
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", min_width=10)
    grid.add_column(overflow="fold")
    if on is not None:
        held = entry.was(on)
        grid.add_row(f"{on}", plain("; ".join(_words(term) for term in held)) or "no office in the registry")
    grid.add_row("kind", entry.kind.value)
    if entry.born:
        grid.add_row("born", entry.born.isoformat())
    others = [name.text for name in entry.names if name.text != entry.name]
    grid.add_row("also", plain("; ".join(dict.fromkeys(others))) or "nothing else")
    grid.add_row("ids", plain(", ".join(f"{x.scheme} {x.value}" for x in entry.ids)) or "none")
    for number, term in enumerate(entry.terms):
        days = f"{term.start or '…'} to {term.end or '…'}"
        grid.add_row("terms" if number == 0 else "", plain(f"{days}  {_words(term)}"))
    out.print(Padding(grid, (0, 0, 0, 2), expand=False))
    out.print()


def _words(term: Term) -> str:
    place = "-".join(filter(None, (term.city or term.state, term.district)))
    return ", ".join(filter(None, (term.office, place, term.party)))


def show_answers(out: Console, answers: Iterable[Answer]) -> None:
    """A row a name."""
    table = _table("Name", "Outcome", "Who", "Article")
    for one in answers:
        who = one.resolution
        meant = (
            who.identity.name
            if who.outcome is Outcome.RESOLVED
            else ", ".join(f"{a.entry.name} ({a.score:.2f})" for a in who.alternatives)
        )
        table.add_row(
            plain(one.name),
            Text(who.outcome.value, style=_COLOURS[who.outcome]),
            plain(meant),
            Text(plain(one.evidence or one.article), style="dim"),
        )
    out.print(table)


def explain_answer(out: Console, answer: Answer) -> None:
    """One name: who is meant, and what speaks for and against each who may be."""
    who = answer.resolution
    out.print(
        Text.assemble(
            (plain(answer.name), "bold"),
            " ",
            (who.outcome.value, _COLOURS[who.outcome]),
            *([f" as {plain(who.identity.name)}"] if who.outcome is Outcome.RESOLVED else []),
            (f"  {who.identity.id}", "dim"),
        )
    )
    if not who.alternatives:
        out.print(Padding(Text(plain(who.why), style="dim"), (0, 0, 0, 2)))
    for one in who.alternatives:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(justify="right", min_width=5)
        grid.add_column(overflow="fold")
        for reason in one.reasons:
            if reason.points:
                grid.add_row(f"{reason.points:+g}", plain(reason.words))
        out.print(Padding(Text(f"{plain(one.entry.name)}, {one.score:.2f}"), (0, 0, 0, 2)))
        out.print(Padding(grid, (0, 0, 0, 4), expand=False))
    out.print()
