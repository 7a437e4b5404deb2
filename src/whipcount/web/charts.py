"""Charts as SVG in the page: no script, no style of their own, coloured by the site's stylesheet.

pygal draws; what it brings for browsers of its own is taken out, and a title and a description put in.
"""

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pygal
from markupsafe import Markup
from pygal.style import Style

from whipcount.article import Stand
from whipcount.desk import Series

# It looks for plug-ins of pygal at each import that finds nothing, by a protocol that Python has given up.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, pygal.PluginImportFixer)]

_STYLE = Style(label_font_size=13, major_label_font_size=13, legend_font_size=13, font_family="sans-serif")
MOST = 6
"""Lines that can still be told apart."""
_SVG = "{http://www.w3.org/2000/svg}"


def lines(series: Sequence[Series], title: str, describe: str) -> Markup:
    """How numbers went: a step wherever one changed; the most important few, each with its last number."""
    shown = series[:MOST]
    if not shown:
        return Markup("")
    chart = pygal.DateLine(
        **_common(title), fill=False, show_dots=False, include_x_axis=True, margin_left=18, margin_right=46
    )
    first = min(one.points[0][0] for one in shown)
    last = _end(shown, first)
    for one in shown:
        chart.add(one.name, _steps(_until(one.points, last)))
    chart.x_labels = _ticks(first, last)
    chart.x_value_formatter = _short
    most = max(value for one in shown for _, value in one.points)
    chart.y_labels = _whole(most)
    classes = [_class(one.key, place) for place, one in enumerate(shown)]
    legend = [(one.name, one.points[-1][1]) for one in shown]
    return _render(chart, title, describe, classes, legend)


def bars(groups: Sequence[tuple[str, Sequence[tuple[Stand, int]]]], title: str, describe: str) -> Markup:
    """How many hold each position, a bar a group."""
    shown = [(_cut(name or "unknown"), dict(totals)) for name, totals in groups if totals][: 2 * MOST]
    stands = [stand for stand in Stand if any(stand in totals for _, totals in shown)]
    if not shown:
        return Markup("")
    chart = pygal.HorizontalStackedBar(**_common(title, height=44 + 27 * len(shown)))
    chart.x_labels = [name for name, _ in reversed(shown)]
    for stand in stands:
        chart.add(stand.value, [totals.get(stand) for _, totals in reversed(shown)])
    chart.y_labels = _whole(max(sum(totals.values()) for _, totals in shown))
    legend = [(stand.value, sum(totals.get(stand, 0) for _, totals in shown)) for stand in stands]
    return _render(chart, title, describe, [f"of-{stand.value}" for stand in stands], legend)


def _common(title: str, height: int = 250) -> dict[str, Any]:
    return {
        "title": None,
        "width": 520,
        "height": height,
        "style": _STYLE,
        "js": (),
        "no_prefix": True,
        "disable_xml_declaration": True,
        # What the colours mean stands below in words that wrap.
        "show_legend": False,
        "truncate_label": -1,
        "print_values": False,
        "no_data_text": title,
        "margin": 6,
        "spacing": 6,
    }


def _render(
    chart: Any, title: str, describe: str, classes: Sequence[str], legend: Sequence[tuple[str, int]]
) -> Markup:
    chart.add_xml_filter(_cleaned(title, describe, classes))
    drawn = Markup(chart.render(is_unicode=True))  # noqa: S704 - pygal escapes what it writes
    item = Markup(
        '<li class="{0}"><svg class="key" viewBox="0 0 24 8" aria-hidden="true"><path d="M0 4h24"/></svg> {1} <b>{2}</b></li>'
    )
    keys = Markup("").join(
        item.format(css, name.replace("_", " "), total)
        for css, (name, total) in zip(classes, legend, strict=True)
    )
    return drawn + Markup('<ul class="legend keys">{}</ul>').format(keys)


def _cleaned(title: str, describe: str, classes: Sequence[str]) -> Callable[[Any], Any]:
    """Takes out styles, scripts and tooltips; says what the chart is, and of each series which."""

    def clean(root: Any) -> Any:
        # lxml's element or the standard library's, whichever pygal found.
        for child in list(root):
            # Comments have no name.
            if not isinstance(child.tag, str) or child.tag.removeprefix(_SVG) in {"defs", "title"}:
                root.remove(child)
        for one in root.iter():
            one.attrib.pop("style", None)
            for child in list(one):
                overlay = child.get("class", "").endswith("overlay")
                if overlay or (
                    isinstance(child.tag, str) and child.tag.removeprefix(_SVG) in {"desc", "title"}
                ):
                    one.remove(child)
            names = one.get("class", "").split()
            for name in names:
                number = name.removeprefix("serie-").removeprefix("activate-")
                if number != name and number.isdigit() and int(number) < len(classes):
                    one.set("class", " ".join([*names, classes[int(number)]]))
        root.attrib.pop("id", None)
        root.set("role", "img")
        root.set("aria-label", f"{title}. {describe}")
        for place, (tag, words) in enumerate((("title", title), ("desc", describe))):
            told = root.makeelement(tag, {})
            told.text = words
            root.insert(place, told)
        return root

    return clean


def _steps(points: Sequence[tuple[dt.date, int]]) -> list[tuple[dt.date, int]]:
    """A line that goes up or down on the day itself, and not on the way there."""
    found = [points[0]]
    for (_, before), (day, value) in pairwise(points):
        found += [(day, before), (day, value)]
    return found


def _end(shown: Sequence[Series], first: dt.date) -> dt.date:
    """Where the axis ends: the day of the count, or sooner where nothing has moved for long."""
    moved = max(one.points[-2][0] if len(one.points) > 1 else one.points[-1][0] for one in shown)
    rest = max(dt.timedelta(days=7), (moved - first) / 5)
    return min(max(one.points[-1][0] for one in shown), moved + rest)


def _until(points: Sequence[tuple[dt.date, int]], last: dt.date) -> list[tuple[dt.date, int]]:
    return [point for point in points if point[0] < last] + [(last, points[-1][1])]


def _ticks(first: dt.date, last: dt.date) -> list[dt.date]:
    days = (last - first).days
    count = 4 if days >= 4 else max(days, 1)
    return sorted({first + dt.timedelta(days=round(days * place / count)) for place in range(count + 1)})


def _short(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"


def _whole(most: int) -> list[int]:
    step = next(s * 10**e for e in range(9) for s in (1, 2, 5) if s * 10**e * 5 >= most)
    return list(range(0, most + step, step))


def _class(key: str, place: int) -> str:
    return f"of-{key}" if key in set(Stand) else f"line-{place}"


def _cut(name: str) -> str:
    return name if len(name) <= 28 else f"{name[:27]}…"
