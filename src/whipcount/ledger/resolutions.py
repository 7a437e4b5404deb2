"""Names that may be somebody's of the registry: kept with their alternatives until somebody decides.

Entries: `rows` to be kept, `Resolutions.waiting` for those that wait.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from whipcount.ledger.events import Action, Decisions
from whipcount.ledger.models import EvidenceRow
from whipcount.ledger.opened import Opened
from whipcount.ledger.registry_models import ResolutionRow
from whipcount.people.identity import Outcome, Resolution

ENDORSER, ENDORSEE = ROLES = ("endorser", "endorsee")


@dataclass(frozen=True, slots=True)
class Asked:
    """A name of a piece of evidence, and what the registry said."""

    evidence_id: str
    role: str
    name: str
    resolution: Resolution


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody of the registry who may be meant; `id` is the entry's and the identity's to be."""

    id: str
    name: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """A name that waits for somebody to say who is meant."""

    evidence_id: str
    article_id: str
    role: str
    """endorser or endorsee"""
    name: str
    identity_id: str
    """The provisional identity that it is under."""
    choices: tuple[Choice, ...]
    why: str
    added_at: dt.datetime


def rows(asked: Iterable[Asked], now: dt.datetime) -> list[dict[str, Any]]:
    """The rows of those that are unsure."""
    return [
        {
            "evidence_id": one.evidence_id,
            "role": one.role,
            "name": one.name,
            "identity_id": one.resolution.identity.id,
            "alternatives": [
                {"id": a.entry.id, "name": a.entry.name, "score": a.score, "why": a.why}
                for a in one.resolution.alternatives
            ],
            "why": one.resolution.why,
            "added_at": now,
        }
        for one in asked
        if one.resolution.outcome is Outcome.UNSURE
    ]


class Resolutions(Opened):
    """What is unsure in an open ledger's database."""

    def keep(self, asked: Iterable[Asked]) -> None:
        """Keep those that are unsure, their identities being there."""
        if unsure := rows(asked, self._clock()):
            with self._writing("keep who is unsure") as connection:
                connection.execute(insert(ResolutionRow), unsure)

    def waiting(self, decided: Decisions) -> list[Unsure]:
        """Those on which nobody has decided, the latest word on each: by the likeliest choice, surest first.

        A merge or split of the identity, a corrected name, and a rejected piece of evidence are decisions.
        """
        query = (
            select(ResolutionRow.__table__, EvidenceRow.article_id)
            .join(EvidenceRow, EvidenceRow.id == ResolutionRow.evidence_id)
            .order_by(ResolutionRow.number)
        )
        with self._reading() as connection:
            latest = {(row.evidence_id, row.role): row for row in connection.execute(query)}
        found = [
            Unsure(
                row.evidence_id,
                row.article_id,
                row.role,
                row.name,
                row.identity_id,
                tuple(Choice(a["id"], a["name"], a["score"], a["why"]) for a in row.alternatives),
                row.why,
                row.added_at,
            )
            for row in latest.values()
            if undecided(decided, row.evidence_id, row.role, row.identity_id)
        ]
        return sorted(found, key=lambda one: (-one.choices[0].score, one.evidence_id, one.role))


def undecided(decided: Decisions, evidence_id: str, role: str, identity_id: str) -> bool:
    """Whether nobody has said whose a name of a piece of evidence is, which was read as an identity's."""
    verdict = decided.verdict(evidence_id)
    return (
        decided.identity(evidence_id, identity_id) == identity_id
        and role not in decided.corrections.get(evidence_id, {})
        and evidence_id not in decided.undone
        and (verdict is None or verdict.action is not Action.REJECT)
    )
