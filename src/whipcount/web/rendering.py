"""Templates and what they can say: days, numbers, sourcing in words, links that are safe to follow.

Entry: `page(request, "count.html", …)`. Templates escape everything; only `Markup` made here is HTML.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.templating import Jinja2Templates

from whipcount.article import Sourcing, Stand
from whipcount.people import Identity
from whipcount.publish.fragments import text_fragment
from whipcount.publish.words import sourcing_words, stand_words
from whipcount.web.assets import static
from whipcount.web.deps import get_options, get_viewer
from whipcount.web.forms import form_field, remember
from whipcount.web.viewer import ANYBODY, Role

NAV = (
    ("/", "Count"),
    ("/holdouts", "Holdouts"),
    ("/changes", "Changes"),
    ("/sources", "Sources"),
    ("/review", "Review"),
    ("/method", "Method"),
)
"""The parts of the site, in the order of the navigation."""
ADMIN_NAV = (("/webhooks", "Webhooks"),)
"""Those for administrators."""

MARKS = {
    Stand.ENDORSED: "✓",
    Stand.SUPPORTS: "+",
    Stand.EXPECTED: "…",
    Stand.WITHHOLDING: "○",
    Stand.REFUSED: "✕",
    Stand.WITHDRAWN: "↩",
}
"""A position's mark beside its word and colour."""


@lru_cache(4096)
def day(value: dt.date | dt.datetime | None, unknown: str = "date unknown") -> Markup:
    """A day as people write it, machine-readable as well: "24 July 2024"."""
    if value is None:
        return Markup('<span class="unknown">{}</span>').format(unknown)
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(), f"{value.day} {value:%B} {value.year}"
    )


@lru_cache(4096)
def short_day(value: dt.date | None) -> Markup:
    """A day in a table: "24 Jul 2024"."""
    if value is None:
        return Markup('<span class="unknown">unknown</span>')
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(), f"{value.day} {value:%b} {value.year}"
    )


def pairs(choices: Mapping[Any, int]) -> list[tuple[str, str]]:
    """The options of a choice: each value with its words and how many it leaves."""
    return [
        (one.id, f"{one.name} ({n})")
        if isinstance(one, Identity)
        else (str(one), f"{one} ({n})".replace("_", " "))
        for one, n in choices.items()
    ]


def named(names: Iterable[str]) -> list[tuple[str, str]]:
    """The options of a choice that are called what they are."""
    return [(name, name) for name in names]


def points(value: float | None) -> str:
    """What something weighs: "6", "0.5"."""
    return "" if value is None else f"{value:g}"


def moment(value: dt.datetime | None, unknown: str = "unknown") -> Markup:
    """A moment in UTC: "24 July 2024, 18:05 UTC"."""
    if value is None:
        return Markup('<span class="unknown">{}</span>').format(unknown)
    utc = value.astimezone(dt.UTC)
    return Markup('<time datetime="{}">{}</time>').format(
        utc.isoformat(timespec="seconds"), f"{utc.day} {utc:%B} {utc.year}, {utc:%H:%M} UTC"
    )


def number(value: float) -> str:
    """A number with thin spaces between its thousands: "16 452"."""
    return (f"{value:,}" if isinstance(value, int) else f"{value:,.2f}").replace(",", "\u202f")


def counted(value: int, one: str, many: str = "") -> str:
    """ "1 report", "3 copies": a number with its noun."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def days(value: int | None) -> str:
    """How long: "1 day", "unknown"."""
    return "unknown" if value is None else counted(value, "day")


def percent(value: float | None) -> str:
    """A share: "87 %"."""
    return "–" if value is None else f"{value * 100:.0f}\u202f%"


def sourcing(value: Sourcing, via: str | None = None) -> str:
    """How an article knows, in words."""
    return sourcing_words(value, via)


@lru_cache(16)
def stand(value: Stand, *, between: bool = False) -> Markup:
    """A position with its mark, its word and its colour; as it reads `between` two names, if asked."""
    return Markup(
        '<span class="stand {0}"><span class="mark" aria-hidden="true">{1}</span> {2}</span>'
    ).format(value.value, MARKS[value], stand_words(value) if between else value.value)


def exact(value: str) -> Markup:
    """The text to the letter: a browser would make one character of a carriage return and a line feed."""
    return Markup(str(escape(value)).replace("\r", "&#13;"))  # noqa: S704 - escaped


def safe_url(url: str | None) -> str | None:
    """The address if a browser may be sent there: http or https with a host, nothing else."""
    try:
        parts = urlsplit((url or "").strip())
        host = parts.hostname
    except ValueError:
        return None
    if (
        parts.scheme.lower() not in {"http", "https"}
        or not host
        or any(c in parts.netloc for c in "\\ <>\"'")
    ):
        return None
    return parts.geturl()


def external(url: str | None, words: str, *, fragment: str = "") -> Markup:
    """A link to another site, or the words alone where the address is not safe to follow.

    `fragment` is a sentence of that page which the browser then opens on.
    """
    target = safe_url(url)
    if target is None:
        return escape(words)
    return Markup('<a class="external" href="{}" rel="noopener noreferrer nofollow external">{}</a>').format(
        text_fragment(target, fragment) if fragment else target, words
    )


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for helper in (
        day,
        short_day,
        pairs,
        named,
        points,
        moment,
        number,
        counted,
        days,
        percent,
        sourcing,
        stand,
        exact,
        safe_url,
    ):
        found.filters[helper.__name__] = helper
    found.globals.update(static=static, external=external, Stand=Stand)
    return found


templates = Jinja2Templates(env=_environment())


def page(request: Request, name: str, /, *, status: int = 200, **context: Any) -> Response:
    """A page from its template."""
    viewer = get_viewer(request)
    own = {
        "viewer": viewer,
        "options": get_options(request),
        "nav": (*NAV, *(ADMIN_NAV if viewer.may(Role.ADMIN) else ())),
        "path": request.url.path,
        "csrf_field": partial(form_field, request),
    }
    response = templates.TemplateResponse(request, name, {**own, **context}, status_code=status)
    remember(request, response)
    # The token of a form is one browser's.
    request.state.for_all = viewer is ANYBODY and not hasattr(request.state, "form_made")
    return response
