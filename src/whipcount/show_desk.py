"""Contests, rosters and exclusions on a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whipcount.contests import Race
from whipcount.ledger.evidence import Evidence
from whipcount.people.registry import Office
from whipcount.publish.words import stand_words
from whipcount.rosters import Watched, by_endorsee, totals
from whipcount.rules import Excluded
from whipcount.show import day_text, plain, stand_text


def show_contests(out: Console, races: Iterable[Race]) -> None:
    """Contests with their days, and who stands in them."""
    for race in races:
        out.print(Text.assemble((plain(race.name), "bold"), (f"  {race.id}", "dim")))
        about = [race.kind.value, race.office, race.jurisdiction, race.stage and race.stage.value]
        days = f"{race.opens or '…'} to {race.election_day or '…'}"
        _below(out, Text(plain(", ".join([*filter(None, about), days])), style="dim"))
        for one in race.candidacies:
            since = f", from {one.entered}" if one.entered else ""
            until = f", until {one.left}" if one.left else ""
            party = f", {plain(one.party)}" if one.party else ""
            _below(out, Text.assemble(plain(one.name), (f"{party}{since}{until}", "dim")))
        out.print()


def show_excluded(out: Console, excluded: Sequence[Excluded]) -> None:
    """What does not count: each with its reason and the rules that leave it out, its sentence and source."""
    out.print(Text(f"Not counted: {len(excluded)}" if excluded else "Everything counts", style="bold"))
    for one in excluded:
        what = one.what
        day, cited = (what.day, what) if isinstance(what, Evidence) else (what.since, what.best)
        said = stand_text(what.position, stand_words(what.position))
        _below(
            out,
            Text.assemble(
                (f"{day_text(day):<10}", "dim"),
                f"  {plain(what.endorser.name)} ",
                said,
                f" {plain(what.endorsee.name)}",
            ),
        )
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(style="dim", min_width=12)
        grid.add_column(overflow="fold")
        grid.add_row(plain(one.rules), plain(one.reason))
        grid.add_row("sentence", plain(cited.quote.exact))
        grid.add_row(
            "source",
            plain(f"{cited.article.source or 'outlet unknown'}, {day_text(cited.article.published)}"),
        )
        out.print(Padding(grid, (0, 0, 0, 4), expand=False))


def show_roster(out: Console, name: str, watched: Sequence[Watched]) -> None:
    """Everybody on a roster under the totals, the silent last."""
    out.print(
        Text.assemble(
            (plain(name), "bold"), f": {len(watched)} {'member' if len(watched) == 1 else 'members'}"
        )
    )
    counts = ", ".join(f"{count} {state}" for state, count in totals(watched).items() if count)
    _below(out, Text(counts, style="dim"))
    for endorsee, held in by_endorsee(watched).items():
        words = ", ".join(f"{count} {position}" for position, count in held.items())
        _below(out, Text(plain(f"{endorsee}: {words}"), style="dim"))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    for title, least in (("Who", 12), ("Standing", 11), ("On", 8), ("Since", 10), ("Days since", 6)):
        table.add_column(title, min_width=least, overflow="fold")
    for one in watched:
        standing = one.standing
        on = [] if standing is None else [standing.endorsee.name]
        on += [f"{s.position.value} {s.endorsee.name}" for s in one.others]
        table.add_row(
            plain(", ".join(filter(None, (one.member.name, _place(one.member.office))))),
            stand_text(standing.position) if standing else Text(one.state, style="dim"),
            plain("; ".join(on or one.reasons)),
            day_text(standing.since) if standing else "",
            "" if one.days is None else str(one.days),
        )
    out.print(Padding(table, (1, 0, 0, 2), expand=False))


def _place(office: Office | None) -> str:
    """Party and state, or the city: D-OH."""
    if office is None:
        return ""
    return "-".join(filter(None, (office.party and office.party[:1], office.state or office.city)))


def _below(out: Console, text: Text) -> None:
    out.print(Padding(text, (0, 0, 0, 2), expand=False))
