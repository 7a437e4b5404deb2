"""The client for programs with an event loop. Entry: `AsyncClient`, which has the methods of `sync.Client`."""

import asyncio
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import httpx_sse
from pydantic import BaseModel

from whipcount import api_models as models
from whipcount.client import wire
from whipcount.errors import ApiError, Busy, NotReached

M = TypeVar("M", bound=BaseModel)


class AsyncClient:
    """A Whipcount server; close it, or use it as a context manager.

    Filters are the API's parameters: `contest`, `endorser`, `as_of`, `as_known_on` and so on; see its description.
    Everything raises `ApiError`s.
    """

    def __init__(
        self, base: str, token: str | None = None, *, timeout: float = 30.0, user_agent: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:  # fmt: skip
        self._http = httpx.AsyncClient(**wire.options(base, token, timeout, user_agent), transport=transport)

    async def close(self) -> None:
        """Hang up."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # The count

    async def contests(self, **filters: Any) -> list[models.ContestRef]:
        """The contests on which there is evidence."""
        return (await self._get(models.Listing[models.ContestRef], "contests", filters)).items

    def standings(self, **filters: Any) -> AsyncIterator[models.Standing]:
        """Who stands where, page by page as it is iterated."""
        return self._pages(models.Listing[models.Standing], "standings", filters)

    def holdouts(self, **filters: Any) -> AsyncIterator[models.Holdout]:
        """Who holds out, the longest first."""
        return self._pages(models.Listing[models.Holdout], "holdouts", filters)

    def history(self, **filters: Any) -> AsyncIterator[models.Change]:
        """What moved day by day, the latest first."""
        return self._pages(models.Listing[models.Change], "history", filters)

    async def rules(self) -> list[models.RulesModel]:
        """Rules of counting that can be asked for."""
        return (await self._get(models.Listing[models.RulesModel], "rules", {})).items

    async def rosters(self) -> list[models.RosterRef]:
        """Lists of people who are watched."""
        return (await self._get(models.Listing[models.RosterRef], "rosters", {})).items

    async def roster(self, name: str, **filters: Any) -> list[models.Watched]:
        """Where everybody on a roster stands, the silent too."""
        return (await self._get(models.Listing[models.Watched], f"rosters/{wire.part(name)}", filters)).items

    def excluded(self, **filters: Any) -> AsyncIterator[models.Excluded]:
        """What does not count by the rules, and why."""
        return self._pages(models.Listing[models.Excluded], "excluded", filters)

    async def over_time(self, **filters: Any) -> list[models.Series]:
        """How many back each endorsee, or hold each position on one, from day to day."""
        return (await self._get(models.Listing[models.Series], "over-time", filters)).items

    # How right it is

    async def precision(self, by: str | None = None) -> list[models.Precision]:
        """How often readers found right what the program read."""
        return (await self._get(models.Listing[models.Precision], "precision", {"by": by})).items

    async def calibration(self) -> list[models.Calibration]:
        """What the program's confidence was worth, by reviews."""
        return (await self._get(models.Listing[models.Calibration], "calibration", {})).items

    async def agreement(self) -> list[models.Agreement]:
        """How far readers agree, field by field."""
        return (await self._get(models.Listing[models.Agreement], "agreement", {})).items

    async def accuracy(self) -> list[models.Measured]:
        """How right the shipped model is on annotated articles."""
        return (await self._get(models.Listing[models.Measured], "accuracy", {})).items

    def conflicts(self, **filters: Any) -> AsyncIterator[models.Conflict]:
        """Reports that can't both hold."""
        return self._pages(models.Listing[models.Conflict], "conflicts", filters)

    # Records

    def identities(self, q: str = "", **filters: Any) -> AsyncIterator[models.Identity]:
        """Whose names have all these words."""
        return self._pages(models.Listing[models.Identity], "identities", {"q": q, **filters})

    async def identity(self, id: str, **filters: Any) -> models.Person:  # noqa: A002 - as in the API
        """Somebody with all their standings."""
        return await self._get(models.Person, f"identities/{wire.part(id)}", filters)

    def evidence(self, **filters: Any) -> AsyncIterator[models.Evidence]:
        """Every report of a position."""
        return self._pages(models.Listing[models.Evidence], "evidence", filters)

    def articles(self, **filters: Any) -> AsyncIterator[models.ArticleRef]:
        """Articles without their texts, what came last first."""
        return self._pages(models.Listing[models.ArticleRef], "articles", filters)

    async def article(self, id: str, **filters: Any) -> models.Article:  # noqa: A002
        """An article with everything found in it."""
        return await self._get(models.Article, f"articles/{wire.part(id)}", filters)

    async def story(self, id: str, **filters: Any) -> models.Story:  # noqa: A002
        """The copies of one report."""
        return await self._get(models.Story, f"stories/{wire.part(id)}", filters)

    async def outlets(self, **filters: Any) -> list[models.Outlet]:
        """Outlets: how much, how sourced, how right."""
        return (await self._get(models.Listing[models.Outlet], "outlets", filters)).items

    async def sources(self) -> list[models.Source]:
        """The feeds and sitemaps that are followed."""
        return (await self._get(models.Listing[models.Source], "sources", {})).items

    async def totals(self) -> models.Totals:
        """How much there is, and where the stream of changes stands."""
        return await self._get(models.Totals, "totals", {})

    # Changes

    async def changes(self, after: str = "oldest", *, wait: float = 0, **filters: Any) -> models.Changes:
        """Changes after a cursor; with `wait` (seconds, up to 60) as soon as there is one."""
        given = {"after": after, "wait": wait, **filters}
        return await self._get(models.Changes, "changes", given, seconds=wait + 30)

    async def follow(self, after: str = "latest", **filters: Any) -> AsyncIterator[models.RecordedChange]:
        """Changes as they come, for ever: a stream that breaks off is taken up where it was.

        Raises `Expired` where the server no longer keeps what came meanwhile: begin anew from the standings.
        """
        failures = 0
        while True:
            told: float | None = None
            try:
                async for event in self._events(after, filters):
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
            await asyncio.sleep(wire.pause(failures, told))
            failures += 1

    async def _events(self, after: str, filters: dict[str, Any]) -> AsyncIterator[httpx_sse.ServerSentEvent]:
        headers = {"accept": "text/event-stream", "cache-control": "no-store"}
        params = wire.query({"after": after, **filters})
        timeout = httpx.Timeout(30.0, read=wire.SILENCE)
        async with self._http.stream(
            "GET", "changes/stream", params=params, headers=headers, timeout=timeout
        ) as answer:
            if not answer.is_success:
                await answer.aread()
            async for event in httpx_sse.EventSource(wire.checked(answer)).aiter_sse():
                yield event

    # Reviewing, with a token of the scope `review`

    async def queue(self, **filters: Any) -> list[models.QueueItem]:
        """What waits for a reader, the most pressing first."""
        return (await self._get(models.Listing[models.QueueItem], "review/queue", filters)).items

    async def decide(
        self, action: str, subject: str, data: dict[str, Any] | None = None, *, seen: int | None = None,
        key: str | None = None,
    ) -> models.Event:  # fmt: skip
        """Keep a decision; raises `Conflict` where somebody else has decided since `seen`."""
        body = {"action": action, "subject": subject, "data": data or {}, "seen": seen, "key": key}
        return await self._post(models.Event, "review/decisions", body)

    async def undo(self, number: int) -> models.Event:
        """Take a decision back."""
        return await self._post(models.Event, f"review/decisions/{number}/undo", None)

    # Webhooks, with a token of the scope `admin`

    async def webhooks(self, **filters: Any) -> list[models.Webhook]:
        """All webhooks."""
        return (await self._get(models.Listing[models.Webhook], "webhooks", filters)).items

    async def add_webhook(self, url: str, **which: Any) -> models.NewWebhook:
        """Tell an address of changes; the answer has the secret, now and never again."""
        return await self._post(models.NewWebhook, "webhooks", {"url": url, **which})

    async def remove_webhook(self, id: str) -> None:  # noqa: A002
        """Tell it nothing more."""
        await self._send("DELETE", f"webhooks/{wire.part(id)}")

    def deliveries(self, id: str, **filters: Any) -> AsyncIterator[models.Delivery]:  # noqa: A002
        """What was sent to a webhook, the latest first."""
        return self._pages(models.Listing[models.Delivery], f"webhooks/{wire.part(id)}/deliveries", filters)

    async def replay(self, id: str, number: int) -> models.Delivery:  # noqa: A002
        """Deliver again."""
        return await self._post(models.Delivery, f"webhooks/{wire.part(id)}/deliveries/{number}/replay", None)

    async def _get(self, kind: type[M], path: str, params: dict[str, Any], seconds: float | None = None) -> M:
        limit = httpx.USE_CLIENT_DEFAULT if seconds is None else seconds
        asked = wire.query(params)
        return wire.model(kind, await self._send("GET", path, params=asked, timeout=limit))

    async def _post(self, kind: type[M], path: str, body: dict[str, Any] | None) -> M:
        return wire.model(kind, await self._send("POST", path, json=body))

    async def _pages(
        self, kind: type[models.Listing[M]], path: str, params: dict[str, Any]
    ) -> AsyncIterator[M]:
        cursor: str | None = None
        while True:
            page = await self._get(kind, path, {**params, "cursor": cursor})
            for item in page.items:
                yield item
            cursor = page.next
            if cursor is None:
                return

    async def _send(self, method: str, path: str, **given: Any) -> httpx.Response:
        try:
            return wire.checked(await self._http.request(method, path, **given))
        except httpx.HTTPError as error:
            raise wire.not_reached(error) from error
