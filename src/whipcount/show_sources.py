"""The followed sources on a terminal."""

import datetime as dt
from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from whipcount.ledger.source_reports import Health, SourceReport
from whipcount.show import plain

_COLOURS = {Health.DEAD: "bold red", Health.DRIFTING: "bold yellow", Health.OK: "green"}


def show_sources(out: Console, sources: Sequence[SourceReport]) -> None:
    """A row a source, what is wrong with it under its address; the worst first."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("Source", overflow="fold", ratio=1)
    table.add_column("Health", min_width=8)
    for title in ("Last success", "Articles", "No date", "No text", "Cut off", "Days"):
        table.add_column(title, justify="right", no_wrap=True)
    worst = [Health.DEAD, Health.DRIFTING, Health.NEW, Health.OK, Health.UNLISTED]
    for one in sorted(sources, key=lambda s: (worst.index(s.health), s.url)):
        name = Text(plain(one.url.partition("://")[2]))
        if one.outlet:
            name.append(f"\n{plain(one.outlet)}", style="dim")
        if remark := _remark(one):
            name.append(f"\n{plain(remark)}", style=_COLOURS.get(one.health, "dim"))
        table.add_row(
            name,
            Text(one.health.value, style=_COLOURS.get(one.health, "dim")),
            _moment(one.last_success),
            f"{one.articles}" + (f" (+{one.waiting})" if one.waiting else ""),
            _share(one.no_date_share),
            _share(one.no_text_share),
            _share(one.cut_off_share),
            "" if one.days_since_new is None else str(one.days_since_new),
        )
    out.print(Padding(table, (0, 0, 0, 0)))


def _remark(one: SourceReport) -> str:
    if one.why:
        return one.why
    return f"last error: {one.last_error}" if one.failures and one.last_error else ""


def _moment(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}" if moment else "never"


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
