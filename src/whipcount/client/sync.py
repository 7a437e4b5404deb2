"""The client for programs without an event loop. Entry: `Client`; `aio.AsyncClient` has the same methods."""

import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import httpx_sse
from pydantic import BaseModel

from whipcount import api_models as models
from whipcount.client import wire
from whipcount.errors import ApiError, Busy, NotReached

M = TypeVar("M", bound=BaseModel)


class Client:
    """A Whipcount server; close it, or use it as a context manager.

    Filters are the API's parameters: `contest`, `endorser`, `as_of`, `as_known_on` and so on; see its description.
    Everything raises `ApiError`s.
    """

    def __init__(
        self, base: str, token: str | None = None, *, timeout: float = 30.0, user_agent: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._http = httpx.Client(**wire.options(base, token, timeout, user_agent), transport=transport)

    def close(self) -> None:
        """Hang up."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The count

    def contests(self, **filters: Any) -> list[models.ContestRef]:
        """The contests on which there is evidence."""
        return self._get(models.Listing[models.ContestRef], "contests", filters).items

    def standings(self, **filters: Any) -> Iterator[models.Standing]:
        """Who stands where, page by page as it is iterated."""
        return self._pages(models.Listing[models.Standing], "standings", filters)

    def holdouts(self, **filters: Any) -> Iterator[models.Holdout]:
        """Who holds out, the longest first."""
        return self._pages(models.Listing[models.Holdout], "holdouts", filters)

    def history(self, **filters: Any) -> Iterator[models.Change]:
        """What moved day by day, the latest first."""
        return self._pages(models.Listing[models.Change], "history", filters)

    def rules(self) -> list[models.RulesModel]:
        """Rules of counting that can be asked for."""
        return self._get(models.Listing[models.RulesModel], "rules", {}).items

    def rosters(self) -> list[models.RosterRef]:
        """Lists of people who are watched."""
        return self._get(models.Listing[models.RosterRef], "rosters", {}).items

    def roster(self, name: str, **filters: Any) -> list[models.Watched]:
        """Where everybody on a roster stands, the silent too."""
        return self._get(models.Listing[models.Watched], f"rosters/{wire.part(name)}", filters).items

    def excluded(self, **filters: Any) -> Iterator[models.Excluded]:
        """What does not count by the rules, and why."""
        return self._pages(models.Listing[models.Excluded], "excluded", filters)

    def over_time(self, **filters: Any) -> list[models.Series]:
        """How many back each endorsee, or hold each position on one, from day to day."""
        return self._get(models.Listing[models.Series], "over-time", filters).items

    # How right it is

    def precision(self, by: str | None = None) -> list[models.Precision]:
        """How often readers found right what the program read."""
        return self._get(models.Listing[models.Precision], "precision", {"by": by}).items

    def calibration(self) -> list[models.Calibration]:
        """What the program's confidence was worth, by reviews."""
        return self._get(models.Listing[models.Calibration], "calibration", {}).items

    def agreement(self) -> list[models.Agreement]:
        """How far readers agree, field by field."""
        return self._get(models.Listing[models.Agreement], "agreement", {}).items

    def accuracy(self) -> list[models.Measured]:
        """How right the shipped model is on annotated articles."""
        return self._get(models.Listing[models.Measured], "accuracy", {}).items

    def conflicts(self, **filters: Any) -> Iterator[models.Conflict]:
        """Reports that can't both hold."""
        return self._pages(models.Listing[models.Conflict], "conflicts", filters)

    # Records

    def identities(self, q: str = "", **filters: Any) -> Iterator[models.Identity]:
        """Whose names have all these words."""
        return self._pages(models.Listing[models.Identity], "identities", {"q": q, **filters})

    def identity(self, id: str, **filters: Any) -> models.Person:  # noqa: A002 - as in the API
        """Somebody with all their standings."""
        return self._get(models.Person, f"identities/{wire.part(id)}", filters)

    def evidence(self, **filters: Any) -> Iterator[models.Evidence]:
        """Every report of a position."""
        return self._pages(models.Listing[models.Evidence], "evidence", filters)

    def articles(self, **filters: Any) -> Iterator[models.ArticleRef]:
        """Articles without their texts, what came last first."""
        return self._pages(models.Listing[models.ArticleRef], "articles", filters)

    def article(self, id: str, **filters: Any) -> models.Article:  # noqa: A002
        """An article with everything found in it."""
        return self._get(models.Article, f"articles/{wire.part(id)}", filters)

    def story(self, id: str, **filters: Any) -> models.Story:  # noqa: A002
        """The copies of one report."""
        return self._get(models.Story, f"stories/{wire.part(id)}", filters)

    def outlets(self, **filters: Any) -> list[models.Outlet]:
        """Outlets: how much, how sourced, how right."""
        return self._get(models.Listing[models.Outlet], "outlets", filters).items

    def sources(self) -> list[models.Source]:
        """The feeds and sitemaps that are followed."""
        return self._get(models.Listing[models.Source], "sources", {}).items

    def totals(self) -> models.Totals:
        """How much there is, and where the stream of changes stands."""
        return self._get(models.Totals, "totals", {})

    # Changes

    def changes(self, after: str = "oldest", *, wait: float = 0, **filters: Any) -> models.Changes:
        """Changes after a cursor; with `wait` (seconds, up to 60) as soon as there is one."""
        given = {"after": after, "wait": wait, **filters}
        return self._get(models.Changes, "changes", given, seconds=wait + 30)

    def follow(self, after: str = "latest", **filters: Any) -> Iterator[models.RecordedChange]:
        """Changes as they come, for ever: a stream that breaks off is taken up where it was.

        Raises `Expired` where the server no longer keeps what came meanwhile: begin anew from the standings.
        """
        failures = 0
        while True:
            told: float | None = None
            try:
                for event in self._events(after, filters):
                    failures = 0
                    after = event.id or after
                    if event.event == "change":
                        yield models.RecordedChange.model_validate_json(event.data)
            except (Busy, NotReached) as error:
                told = error.retry_after
            except ApiError as error:
                if error.status is None or error.status < 500:
                    raise
            except httpx.HTTPError:
                pass
            time.sleep(wire.pause(failures, told))
            failures += 1

    def _events(self, after: str, filters: dict[str, Any]) -> Iterator[httpx_sse.ServerSentEvent]:
        headers = {"accept": "text/event-stream", "cache-control": "no-store"}
        params = wire.query({"after": after, **filters})
        timeout = httpx.Timeout(30.0, read=wire.SILENCE)
        with self._http.stream(
            "GET", "changes/stream", params=params, headers=headers, timeout=timeout
        ) as answer:
            if not answer.is_success:
                answer.read()
            yield from httpx_sse.EventSource(wire.checked(answer)).iter_sse()

    # Reviewing, with a token of the scope `review`

    def queue(self, **filters: Any) -> list[models.QueueItem]:
        """What waits for a reader, the most pressing first."""
        return self._get(models.Listing[models.QueueItem], "review/queue", filters).items

    def decide(
        self, action: str, subject: str, data: dict[str, Any] | None = None, *, seen: int | None = None,
        key: str | None = None,
    ) -> models.Event:  # fmt: skip
        """Keep a decision; raises `Conflict` where somebody else has decided since `seen`."""
        body = {"action": action, "subject": subject, "data": data or {}, "seen": seen, "key": key}
        return self._post(models.Event, "review/decisions", body)

    def undo(self, number: int) -> models.Event:
        """Take a decision back."""
        return self._post(models.Event, f"review/decisions/{number}/undo", None)

    # Webhooks, with a token of the scope `admin`

    def webhooks(self, **filters: Any) -> list[models.Webhook]:
        """All webhooks."""
        return self._get(models.Listing[models.Webhook], "webhooks", filters).items

    def add_webhook(self, url: str, **which: Any) -> models.NewWebhook:
        """Tell an address of changes; the answer has the secret, now and never again."""
        return self._post(models.NewWebhook, "webhooks", {"url": url, **which})

    def remove_webhook(self, id: str) -> None:  # noqa: A002
        """Tell it nothing more."""
        self._send("DELETE", f"webhooks/{wire.part(id)}")

    def deliveries(self, id: str, **filters: Any) -> Iterator[models.Delivery]:  # noqa: A002
        """What was sent to a webhook, the latest first."""
        return self._pages(models.Listing[models.Delivery], f"webhooks/{wire.part(id)}/deliveries", filters)

    def replay(self, id: str, number: int) -> models.Delivery:  # noqa: A002
        """Deliver again."""
        return self._post(models.Delivery, f"webhooks/{wire.part(id)}/deliveries/{number}/replay", None)

    def _get(self, kind: type[M], path: str, params: dict[str, Any], seconds: float | None = None) -> M:
        limit = httpx.USE_CLIENT_DEFAULT if seconds is None else seconds
        asked = wire.query(params)
        return wire.model(kind, self._send("GET", path, params=asked, timeout=limit))

    def _post(self, kind: type[M], path: str, body: dict[str, Any] | None) -> M:
        return wire.model(kind, self._send("POST", path, json=body))

    def _pages(self, kind: type[models.Listing[M]], path: str, params: dict[str, Any]) -> Iterator[M]:
        cursor: str | None = None
        while True:
            page = self._get(kind, path, {**params, "cursor": cursor})
            yield from page.items
            cursor = page.next
            if cursor is None:
                return

    def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        try:
            return wire.checked(self._http.request(method, path, **given))
        except httpx.HTTPError as error:
            raise wire.not_reached(error) from error
