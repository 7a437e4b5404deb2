"""What can be asked of a server, said once for both clients. Entry: `Calls`.

A method of `Calls` says what to send and what the answer comes to. A `Client` gives the answer itself, an
`AsyncClient` something to await or to iterate over with `async for`.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar, overload

import httpx
from pydantic import BaseModel

from whipcount import api_models as models
from whipcount.client import wire

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)
A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A request, and what its answer comes to."""

    method: str
    path: str
    take: Callable[[httpx.Response], T]
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    seconds: float | None = None
    """How long the answer may take; None: as long as any."""

    def request(self) -> dict[str, Any]:
        """What httpx is given."""
        limit = httpx.USE_CLIENT_DEFAULT if self.seconds is None else self.seconds
        return {
            "method": self.method,
            "url": self.path,
            "params": wire.query(self.params),
            "json": self.body,
            "timeout": limit,
        }


@dataclass(frozen=True, slots=True)
class Pages(Generic[M]):
    """A listing that comes page by page."""

    kind: type[models.Listing[M]]
    path: str
    params: Mapping[str, Any]

    def at(self, cursor: str | None) -> Call[models.Listing[M]]:
        """The page at a cursor; None: the first."""
        return _get(self.kind, self.path, {**self.params, "cursor": cursor})


def _get(kind: type[M], path: str, params: Mapping[str, Any], seconds: float | None = None) -> Call[M]:
    return Call("GET", path, lambda answer: wire.model(kind, answer), params, seconds=seconds)


def _whole(kind: type[models.Listing[M]], path: str, params: Mapping[str, Any]) -> Call[list[M]]:
    """A listing that comes in one piece."""
    return Call("GET", path, lambda answer: wire.model(kind, answer).items, params)


def _post(kind: type[M], path: str, body: Mapping[str, Any] | None = None) -> Call[M]:
    return Call("POST", path, lambda answer: wire.model(kind, answer), body=body)


class Direct(Protocol):
    """A client that waits for the answer."""

    def ask(self, call: Call[T]) -> T: ...  # noqa: D102
    def each(self, pages: Pages[M]) -> Iterator[M]: ...  # noqa: D102


class Awaited(Protocol):
    """A client whose answers are awaited."""

    def ask(self, call: Call[T]) -> Coroutine[Any, Any, T]: ...  # noqa: D102
    def each(self, pages: Pages[M]) -> AsyncIterator[M]: ...  # noqa: D102


class asked(Generic[P, A]):  # noqa: N801 - a decorator
    """A `Call` or `Pages` as a method of both clients."""

    def __init__(self, make: Callable[Concatenate[Any, P], A]) -> None:
        self.__wrapped__ = make
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self: "asked[P, Call[T]]", client: Direct, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self: "asked[P, Pages[M]]", client: Direct, owner: type) -> Callable[P, Iterator[M]]: ...
    @overload
    def __get__(
        self: "asked[P, Call[T]]", client: Awaited, owner: type
    ) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(
        self: "asked[P, Pages[M]]", client: Awaited, owner: type
    ) -> Callable[P, AsyncIterator[M]]: ...
    def __get__(self, client: Any, owner: type) -> Any:
        if client is None:
            return self

        @wraps(self.__wrapped__)
        def ask(*args: P.args, **given: P.kwargs) -> Any:
            made = self.__wrapped__(client, *args, **given)
            return client.each(made) if isinstance(made, Pages) else client.ask(made)

        return ask


class Calls:
    """Every call but `follow`.

    Filters are the API's parameters: `contest`, `endorser`, `as_of`, `as_known_on` and so on; see its description.
    Everything raises `ApiError`s.
    """

    # The count

    @asked
    def contests(self, /, **filters: Any) -> Call[list[models.ContestRef]]:
        """The contests on which there is evidence."""
        return _whole(models.Listing[models.ContestRef], "contests", filters)

    @asked
    def standings(self, /, **filters: Any) -> Pages[models.Standing]:
        """Who stands where, page by page as it is iterated."""
        return Pages(models.Listing[models.Standing], "standings", filters)

    @asked
    def holdouts(self, /, **filters: Any) -> Pages[models.Holdout]:
        """Who holds out, the longest first."""
        return Pages(models.Listing[models.Holdout], "holdouts", filters)

    @asked
    def history(self, /, **filters: Any) -> Pages[models.Change]:
        """What moved day by day, the latest first."""
        return Pages(models.Listing[models.Change], "history", filters)

    @asked
    def rules(self, /) -> Call[list[models.RulesModel]]:
        """Rules of counting that can be asked for."""
        return _whole(models.Listing[models.RulesModel], "rules", {})

    @asked
    def rosters(self, /) -> Call[list[models.RosterRef]]:
        """Lists of people who are watched."""
        return _whole(models.Listing[models.RosterRef], "rosters", {})

    @asked
    def roster(self, /, name: str, **filters: Any) -> Call[list[models.Watched]]:
        """Where everybody on a roster stands, the silent too."""
        return _whole(models.Listing[models.Watched], f"rosters/{wire.part(name)}", filters)

    @asked
    def excluded(self, /, **filters: Any) -> Pages[models.Excluded]:
        """What does not count by the rules, and why."""
        return Pages(models.Listing[models.Excluded], "excluded", filters)

    @asked
    def over_time(self, /, **filters: Any) -> Call[list[models.Series]]:
        """How many back each endorsee, or hold each position on one, from day to day."""
        return _whole(models.Listing[models.Series], "over-time", filters)

    # How right it is

    @asked
    def precision(self, /, by: str | None = None) -> Call[list[models.Precision]]:
        """How often readers found right what the program read."""
        return _whole(models.Listing[models.Precision], "precision", {"by": by})

    @asked
    def calibration(self, /) -> Call[list[models.Calibration]]:
        """What the program's confidence was worth, by reviews."""
        return _whole(models.Listing[models.Calibration], "calibration", {})

    @asked
    def agreement(self, /) -> Call[list[models.Agreement]]:
        """How far readers agree, field by field."""
        return _whole(models.Listing[models.Agreement], "agreement", {})

    @asked
    def accuracy(self, /) -> Call[list[models.Measured]]:
        """How right the shipped model is on annotated articles."""
        return _whole(models.Listing[models.Measured], "accuracy", {})

    @asked
    def conflicts(self, /, **filters: Any) -> Pages[models.Conflict]:
        """Reports that can't both hold."""
        return Pages(models.Listing[models.Conflict], "conflicts", filters)

    # Records

    @asked
    def identities(self, /, q: str = "", **filters: Any) -> Pages[models.Identity]:
        """Whose names have all these words."""
        return Pages(models.Listing[models.Identity], "identities", {"q": q, **filters})

    @asked
    def identity(self, /, id: str, **filters: Any) -> Call[models.Person]:  # noqa: A002 - as in the API
        """Somebody with all their standings."""
        return _get(models.Person, f"identities/{wire.part(id)}", filters)

    @asked
    def evidence(self, /, **filters: Any) -> Pages[models.Evidence]:
        """Every report of a position."""
        return Pages(models.Listing[models.Evidence], "evidence", filters)

    @asked
    def articles(self, /, **filters: Any) -> Pages[models.ArticleRef]:
        """Articles without their texts, what came last first."""
        return Pages(models.Listing[models.ArticleRef], "articles", filters)

    @asked
    def article(self, /, id: str, **filters: Any) -> Call[models.Article]:  # noqa: A002
        """An article with everything found in it."""
        return _get(models.Article, f"articles/{wire.part(id)}", filters)

    @asked
    def story(self, /, id: str, **filters: Any) -> Call[models.Story]:  # noqa: A002
        """The copies of one report."""
        return _get(models.Story, f"stories/{wire.part(id)}", filters)

    @asked
    def outlets(self, /, **filters: Any) -> Call[list[models.Outlet]]:
        """Outlets: how much, how sourced, how right."""
        return _whole(models.Listing[models.Outlet], "outlets", filters)

    @asked
    def sources(self, /) -> Call[list[models.Source]]:
        """The feeds and sitemaps that are followed."""
        return _whole(models.Listing[models.Source], "sources", {})

    @asked
    def totals(self, /) -> Call[models.Totals]:
        """How much there is, and where the stream of changes stands."""
        return _get(models.Totals, "totals", {})

    @asked
    def changes(self, /, after: str = "oldest", *, wait: float = 0, **filters: Any) -> Call[models.Changes]:
        """Changes after a cursor; with `wait` (seconds, up to 60) as soon as there is one."""
        given = {"after": after, "wait": wait, **filters}
        return _get(models.Changes, "changes", given, seconds=wait + 30)

    # Reviewing, with a token of the scope `review`

    @asked
    def queue(self, /, **filters: Any) -> Call[list[models.QueueItem]]:
        """What waits for a reader, the most pressing first."""
        return _whole(models.Listing[models.QueueItem], "review/queue", filters)

    @asked
    def decide(
        self, /, action: str, subject: str, data: dict[str, Any] | None = None, *, seen: int | None = None,
        key: str | None = None,
    ) -> Call[models.Event]:  # fmt: skip
        """Keep a decision; raises `Conflict` where somebody else has decided since `seen`."""
        body = {"action": action, "subject": subject, "data": data or {}, "seen": seen, "key": key}
        return _post(models.Event, "review/decisions", body)

    @asked
    def undo(self, /, number: int) -> Call[models.Event]:
        """Take a decision back."""
        return _post(models.Event, f"review/decisions/{number}/undo")

    # Webhooks, with a token of the scope `admin`

    @asked
    def webhooks(self, /, **filters: Any) -> Call[list[models.Webhook]]:
        """All webhooks."""
        return _whole(models.Listing[models.Webhook], "webhooks", filters)

    @asked
    def add_webhook(self, /, url: str, **which: Any) -> Call[models.NewWebhook]:
        """Tell an address of changes; the answer has the secret, now and never again."""
        return _post(models.NewWebhook, "webhooks", {"url": url, **which})

    @asked
    def remove_webhook(self, /, id: str) -> Call[None]:  # noqa: A002
        """Tell it nothing more."""
        return Call("DELETE", f"webhooks/{wire.part(id)}", lambda _: None)

    @asked
    def deliveries(self, /, id: str, **filters: Any) -> Pages[models.Delivery]:  # noqa: A002
        """What was sent to a webhook, the latest first."""
        return Pages(models.Listing[models.Delivery], f"webhooks/{wire.part(id)}/deliveries", filters)

    @asked
    def replay(self, /, id: str, number: int) -> Call[models.Delivery]:  # noqa: A002
        """Deliver again."""
        return _post(models.Delivery, f"webhooks/{wire.part(id)}/deliveries/{number}/replay")
