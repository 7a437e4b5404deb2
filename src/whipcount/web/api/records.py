"""Identities, evidence, articles, stories and sources."""

import datetime as dt
from typing import Annotated

from fastapi import Path, Query, Request, Response

from whipcount import api_models as models
from whipcount import desk
from whipcount.article import Sourcing, Stand
from whipcount.desk.sight import evidence as evidence_of
from whipcount.desk.sight import look
from whipcount.errors import LedgerError
from whipcount.ledger.evidence import ArticleRef, Evidence
from whipcount.ledger.listing import Listings
from whipcount.ledger.sources import Sources
from whipcount.people.registry import Entry, Office
from whipcount.publish.json import attribution_json, evidence_json
from whipcount.publish.sources import source_json
from whipcount.web.api import cursors
from whipcount.web.api.answers import ID, WORDS, CursorQ, LimitQ, linked, not_found, problems, router
from whipcount.web.api.asked import AskedQ
from whipcount.web.api.counts import ContestQ, EndorseeQ, EndorserQ, Pieces, shown
from whipcount.web.deps import LedgerDep

records = router("Records")
IdP = Annotated[str, Path(pattern=ID)]
WordsQ = Annotated[str, Query(pattern=WORDS, max_length=200, description="Only those with all these words.")]


@records.get("/identities", summary="People, organizations, groups and measures")
def identities(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    q: WordsQ = "",
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Identity]:
    """All that a name in an article was taken for, by name; those that were merged into others too."""
    after = None
    if cursor is not None:
        name, identity = cursors.decode("identities", cursor, (str, str))
        after = (str(name), str(identity))
    found = Listings(ledger.engine).identities(limit + 1, after, words=q)
    following = None
    if len(found) > limit:
        found = found[:limit]
        following = cursors.encode("identities", (found[-1][0], found[-1][1].id))
    linked(request, response, following)
    return models.Listing(items=[models.Identity.model_validate(one) for _, one in found], next=following)


@records.get("/identities/{id}", summary="One of them, with all their standings", responses=problems(404))
def identity(
    ledger: LedgerDep,
    asked: AskedQ,
    id: IdP,  # noqa: A002 - as in the address
    evidence: Pieces = "best",
) -> models.Person:
    """Under whichever id they go on; their history is /history?endorser=…, their evidence /evidence?endorser=…"""
    try:
        found = desk.endorser(ledger, id, as_of=asked.as_of, known_by=asked.as_known_on)
    except LedgerError:
        raise not_found("such identity") from None
    return models.Person(
        id=found.identity.id,
        name=found.identity.name,
        provisional=found.identity.provisional,
        asked_id=id,
        registered=_registered(found.entry, found.office) if found.entry else None,
        standings=[models.Standing.model_validate(shown(one, evidence)) for one in found.stands],
        backed_by=[models.Standing.model_validate(shown(one, evidence)) for one in found.backed_by],
    )


def _registered(entry: Entry, office: Office | None) -> models.Registered:
    ids: dict[str, list[str]] = {}
    for one in entry.ids:
        ids.setdefault(one.scheme, []).append(one.value)
    return models.Registered(
        names=[name.text for name in entry.names],
        ids=ids,
        office=office.office if office else None,
        party=office.party if office else None,
        state=office.state if office else None,
    )


@records.get("/evidence", summary="Every report of a position, with its sentence")
def evidence(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    asked: AskedQ,
    contest: ContestQ = "all",
    endorser: EndorserQ = None,
    endorsee: EndorseeQ = None,
    article: Annotated[str | None, Query(pattern=ID, description="Only of this article.")] = None,
    position: Annotated[list[Stand], Query()] = [],  # noqa: B006 - never changed
    sourcing: Annotated[list[Sourcing], Query()] = [],  # noqa: B006
    counting: Annotated[
        bool | None,
        Query(description="Only what counts, or only what readers or outlets took out and what is unclear."),
    ] = None,
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.Evidence]:
    """By id; with `as_of` what had been said and published by then."""

    def wanted(one: Evidence) -> bool:
        return (
            endorser in {None, one.endorser.id}
            and endorsee in {None, one.endorsee.id}
            and article in {None, one.article.id}
            and (not position or one.position in position)
            and (not sourcing or one.sourcing in sourcing)
            and counting in {None, one.excluded is None}
            and (asked.as_of is None or (one.last_day is not None and one.last_day <= asked.as_of))
        )

    found = filter(wanted, evidence_of(look(ledger, contest, asked.as_known_on)))
    page = cursors.paged(
        found, lambda one: (one.id,), listing="evidence", kinds=(str,), cursor=cursor, limit=limit
    )
    linked(request, response, page.next)
    return models.Listing(
        items=[models.Evidence.model_validate(evidence_json(one)) for one in page.items], next=page.next
    )


@records.get("/evidence/{id}", summary="One piece of evidence", responses=problems(404))
def one_evidence(ledger: LedgerDep, asked: AskedQ, id: IdP) -> models.Evidence:  # noqa: A002
    """As it is now, or as it was known."""
    for one in evidence_of(look(ledger, "all", asked.as_known_on)):
        if one.id == id:
            return models.Evidence.model_validate(evidence_json(one))
    raise not_found("such evidence")


@records.get("/articles", summary="Articles, what came last first")
def articles(
    request: Request,
    response: Response,
    ledger: LedgerDep,
    asked: AskedQ,
    outlet: Annotated[
        str | None, Query(pattern=WORDS, max_length=200, description="Only of this outlet.")
    ] = None,
    q: WordsQ = "",
    since: Annotated[dt.date | None, Query(description="Published on that day or later.")] = None,
    until: Annotated[dt.date | None, Query(description="Published on that day or before.")] = None,
    limit: LimitQ = 100,
    cursor: CursorQ = None,
) -> models.Listing[models.ArticleRef]:
    """Without their texts; `q` looks at titles."""
    after = None
    if cursor is not None:
        at, article_id = cursors.decode("articles", cursor, (int, str))
        try:
            after = (
                dt.datetime.fromtimestamp(0, dt.UTC) + dt.timedelta(microseconds=int(at)),
                str(article_id),
            )
        except OverflowError:
            raise cursors.BadCursor("this is no cursor; take one that an answer gave") from None
    last = min(filter(None, (until, asked.as_of)), default=None)
    found = Listings(ledger.engine).articles(
        limit + 1, after, outlet=outlet, words=q, since=since, until=last, known_by=asked.as_known_on
    )
    following = None
    if len(found) > limit:
        found = found[:limit]
        moment = found[-1][0] - dt.datetime.fromtimestamp(0, dt.UTC)
        following = cursors.encode("articles", (moment // dt.timedelta(microseconds=1), found[-1][1].id))
    linked(request, response, following)
    return models.Listing(items=[reference(one) for _, one in found], next=following)


def reference(one: ArticleRef) -> models.ArticleRef:
    """An article as the API names it."""
    return models.ArticleRef(
        id=one.id,
        title=one.title,
        outlet=one.outlet,
        original_outlet=one.original_outlet,
        published=one.published,
        url=one.url,
        story=one.story,
        facts=sorted(fact.value for fact in one.facts),
    )


@records.get("/articles/{id}", summary="An article with everything found in it", responses=problems(404))
def article(ledger: LedgerDep, asked: AskedQ, id: IdP) -> models.Article:  # noqa: A002
    """Its text, with spans as Unicode code points, end exclusive; and the other versions of its page."""
    try:
        found = desk.article(ledger, id, asked.as_known_on)
    except LedgerError:
        raise not_found("such article") from None
    own = found.article
    return models.Article(
        **reference(found.ref).model_dump() | {"facts": sorted(fact.value for fact in own.facts)},
        authors=list(own.authors),
        text=own.text,
        published_basis=own.dated.basis.value if own.dated else None,
        debris=list(own.debris),
        key_points=list(own.key_points),
        asides=list(own.asides),
        attributions=[
            models.AttributionModel.model_validate(attribution_json(one)) for one in found.attributions
        ],
        evidence=[models.Evidence.model_validate(evidence_json(one.evidence)) for one in found.found],
        newer=_version(*found.newer) if found.newer else None,
        older=[_version(*one) for one in found.older],
    )


def _version(ref: ArticleRef, day: dt.date) -> models.Version:
    return models.Version(article=reference(ref), changed_on=day)


@records.get("/stories/{id}", summary="The copies of one report", responses=problems(404))
def story(
    ledger: LedgerDep,
    id: IdP,  # noqa: A002
    compare: Annotated[
        str | None, Query(pattern=ID, description="The copy to hold against the earliest, by article id.")
    ] = None,
) -> models.Story:
    """What they say, and how one of them differs from the earliest."""
    try:
        found = desk.story(ledger, id, compare)
    except LedgerError:
        raise not_found("such story") from None
    return models.Story(
        id=found.story.id,
        origin=found.story.origin,
        copies=[reference(one) for one in found.story.copies],
        positions=[models.Evidence.model_validate(evidence_json(one)) for one in found.positions],
        compared=models.Compared(
            article=found.compared.id,
            alike=round(found.alike, 4),
            pieces=[models.Piece(diff=one.diff.value, words=one.words) for one in found.pieces],
        )
        if found.compared
        else None,
    )


@records.get("/outlets", summary="Outlets: how much, how sourced, how right")
def outlets(ledger: LedgerDep, asked: AskedQ) -> models.Listing[models.Outlet]:
    """Those with most positions first."""
    return models.Listing(
        items=[models.Outlet.model_validate(one) for one in desk.sources(ledger, asked.as_known_on)]
    )


@records.get("/sources", summary="The feeds and sitemaps that are followed")
def sources(ledger: LedgerDep) -> models.Listing[models.Source]:
    """How each does."""
    found = Sources(ledger.engine).reports()
    return models.Listing(items=[models.Source.model_validate(source_json(one)) for one in found])
