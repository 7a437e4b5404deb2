"""The count that a page shows as files in the forms of other trades: what `whipcount export` writes."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi import APIRouter, Response

from whipcount.article import Stand
from whipcount.desk.sight import look, registry
from whipcount.ledger import Ledger
from whipcount.ledger.reads import Reads
from whipcount.people.registry import Office, Registry, office_on
from whipcount.publish.annotations import page as annotations
from whipcount.publish.csv import tracker
from whipcount.publish.jsonld import graph
from whipcount.publish.parquet import write_standings
from whipcount.publish.wikitext import wikitext
from whipcount.standing import Standing
from whipcount.web.deps import Asked, AskedDep, LedgerDep, OptionsDep
from whipcount.web.downloads import csv_file, file
from whipcount.web.pages.count import WantedDep, counted

router = APIRouter(prefix="/count", include_in_schema=False)
_GIVEN = {Stand.ENDORSED, Stand.SUPPORTS}


@router.get("/trackers.csv")
def trackers(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """With the columns of the known endorsement trackers, and ours."""
    found = counted(ledger, wanted, asked, options.review_below)
    return csv_file("trackers", found.standings, tracker(_registry(ledger, asked)))


@router.get("/list.wiki")
def wiki(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """An encyclopedia's list with its references, by its own rules unless others are asked for."""
    by = replace(wanted, rules=wanted.rules or ("encyclopedia",))
    known = _registry(ledger, asked)

    def office(one: Standing) -> Office | None:
        entry = known.entries.get(one.endorser.id)
        return office_on(entry, one.since or dt.datetime.now(dt.UTC).date()) if entry else None

    rows = [
        one for one in counted(ledger, by, asked, options.review_below).standings if one.position in _GIVEN
    ]
    return file("list.wiki", wikitext(rows, office), "text/plain; charset=utf-8")


@router.get("/linked.jsonld")
def linked(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """As linked data."""
    found = counted(ledger, wanted, asked, options.review_below)
    return _json("linked.jsonld", graph(found.standings, _registry(ledger, asked)))


@router.get("/annotations.jsonld")
def annotated(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """The evidence as W3C Web Annotations."""
    found = counted(ledger, wanted, asked, options.review_below)
    evidence = [one for standing in found.standings for one in standing.evidence]
    texts = Reads(ledger.engine).texts({one.article.id for one in evidence})
    return _json("annotations.jsonld", annotations(evidence, texts.__getitem__))


@router.get("/standings.parquet")
def parquet(ledger: LedgerDep, asked: AskedDep, wanted: WantedDep, options: OptionsDep) -> Response:
    """For those who compute with them."""
    found = counted(ledger, wanted, asked, options.review_below)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "standings.parquet"
        write_standings(found.standings, path)
        return file(path.name, path.read_bytes(), "application/vnd.apache.parquet")


def _registry(ledger: Ledger, asked: Asked) -> Registry:
    return registry(look(ledger, "", asked.as_known_on))


def _json(name: str, document: dict[str, Any]) -> Response:
    return file(name, json.dumps(document, ensure_ascii=False, indent=1) + "\n", "application/ld+json")
