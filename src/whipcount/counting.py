"""The evidence on one contest, with what its earlier stages left. Entry: `contest_evidence`.

Each stage of a race is a contest of its own with a count of its own. But who endorsed a candidate in the primary
has endorsed the nominee, until they say otherwise: support that stood at an earlier stage is carried on to the
later one for whoever stands there. Holding back, refusing and neutrality are not: they were about the field of
that stage.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from whipcount.article import Contest, Stand
from whipcount.contests import Race, candidate_ids, earlier_stages
from whipcount.ledger import Ledger
from whipcount.ledger.contests import Contests
from whipcount.ledger.evidence import Evidence
from whipcount.standing import standings

_SUPPORT = {Stand.ENDORSED, Stand.SUPPORTS}


def contest_evidence(
    ledger: Ledger, race: Race, as_of: dt.date | None = None, known_by: dt.datetime | None = None
) -> list[Evidence]:
    """All evidence on a contest, support from its earlier stages included as of a day, as if all were about it now."""
    steps = earlier_stages(race, Contests(ledger.engine).all(known_by))
    own = ledger.evidence(contest_id=race.id, known_by=known_by)
    if not steps:
        return [_as_of_now(one, race) for one in own]
    before = [one for step in steps for one in ledger.evidence(contest_id=step.id, known_by=known_by)]
    joined = ledger.decided(known_by).joined
    return [_as_of_now(one, race) for one in (*own, *carried(before, race, as_of, joined))]


def carried(
    before: Sequence[Evidence],
    race: Race,
    as_of: dt.date | None = None,
    joined: Mapping[str, str] | None = None,
) -> list[Evidence]:
    """Of the evidence of earlier stages, that of support which stood for somebody who stands in the contest."""
    ends = joined or {}
    named = {key for one in race.candidacies for key in candidate_ids(one)}
    standing = named | {ends[key] for key in named if key in ends}
    by_stage: dict[str | None, list[Evidence]] = {}
    for one in before:
        by_stage.setdefault(one.contest_id, []).append(one)
    return _once(
        one
        for stage in by_stage.values()
        for stand in standings(stage, as_of)
        if stand.position in _SUPPORT and stand.endorsee.id in standing
        for one in stand.evidence
    )


def _as_of_now(evidence: Evidence, race: Race) -> Evidence:
    """Asked for one contest, it makes no difference whether an article looked back on it."""
    if evidence.contest_id == race.id and evidence.contest is Contest.CURRENT:
        return evidence
    return replace(evidence, contest_id=race.id, contest=Contest.CURRENT)


def _once(evidence: Iterable[Evidence]) -> list[Evidence]:
    return list({one.id: one for one in evidence}.values())
