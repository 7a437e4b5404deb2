"""Who speaks in an attribution, how the article knows, and which other outlet it was told or is credited."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from whipcount.article import Article, Attribution, Mention, Sourcing, Span
from whipcount.read.outlet_names import OutletName, is_own
from whipcount.read.scene import Scene
from whipcount.read.source_kinds import Source
from whipcount.read.source_phrase import source_of
from whipcount.read.venues import ANOTHER_TIME, OTHER_VENUE, venues_of

_WINDOW = 40
"""How many attributions around one are looked at: what was said further away explains nothing here."""

_SPOKE_TO = re.compile(
    r"\b(?:told|telling|(?:spoke|spoken|speaking|talked|talking|comments?|statement|said) (?:\w+ ){0,2}?(?:to|with|on)|interview(?:ed)? (?:by|with|on|in)) (?:the )?$"
)
_ASKED = re.compile(
    r"^(?:When )?(?:[Aa]sked|[Pp]ressed|[Qq]uestioned) (?:\w+ ){0,3}(?:on|by|in|during)\b[^,]*$"
)
_GOES_ON = re.compile(
    r"\b(?:add(?:ed|s|ing)|continu(?:ed|es|ing)|went on|goes on|also (?:said|noted|told)|concluded|followed up|later in the interview)\b",
    re.IGNORECASE,
)
_THE_INTERVIEW = re.compile(
    r"\b(?:in|during|throughout) (?:the|that|his|her|their) (?:[\w-]+ )?(?:interview|conversation|appearance|op-ed|segment)\b",
    re.IGNORECASE,
)


def resolve(
    article: Article,
    mentions: Sequence[Mention],
    attributions: Sequence[Attribution],
    sentences: Sequence[Span],
) -> tuple[Attribution, ...]:
    """The attributions with speaker, sourcing and via filled in, in the order given."""
    scene = Scene.of(article, mentions, sentences)
    order = sorted(range(len(attributions)), key=lambda i: _place(attributions[i]))
    sources: dict[int, Source] = {}
    # "I" within a quotation waits until the quotation's own source is known.
    late = {i for i in order if _first_person(attributions[i], article.text)}
    for at, i in enumerate(order):
        if i not in late:
            before = [(attributions[j], sources[j]) for j in order[max(0, at - _WINDOW) : at] if j in sources]
            sources[i] = source_of(scene, attributions[i], before)
    for at, i in enumerate(order):
        if i in late:
            near = order[max(0, at - _WINDOW) : at + _WINDOW]
            around = [(attributions[j], sources[j]) for j in near if j in sources]
            sources[i] = source_of(scene, attributions[i], around)
    vias = _vias(scene, attributions, order, sources)
    out = []
    for i, attribution in enumerate(attributions):
        source = sources[i]
        sourcing = source.sourcing
        if source.outlet is not None and is_own(source.outlet, article):
            sourcing = Sourcing.NARRATION
        out.append(replace(attribution, speaker=source.speaker, sourcing=sourcing, via=vias.get(i)))
    return tuple(out)


def _anchors(attribution: Attribution) -> tuple[Span, ...]:
    return tuple(sorted((*attribution.source, *attribution.cue))) or attribution.content


def _place(attribution: Attribution) -> tuple[int, int]:
    anchors = _anchors(attribution)
    return (anchors[0].start, anchors[-1].end) if anchors else (0, 0)


def _first_person(attribution: Attribution, text: str) -> bool:
    return any(
        span.of(text).strip().lower() in {"i", "we", "my", "our", "me", "us"} for span in attribution.source
    )


def _vias(
    scene: Scene, attributions: Sequence[Attribution], order: Sequence[int], sources: dict[int, Source]
) -> dict[int, str]:
    """The outlet of each attribution: told, then credited, then taken over from the statement around or before."""
    article = scene.article
    vias: dict[int, str] = {}
    for i in order:
        outlet = sources[i].outlet
        if outlet is not None and not is_own(outlet, article):
            vias[i] = outlet.name
    found: dict[int, list[tuple[int, int, OutletName]]] = {}
    starts = [_place(attributions[i])[0] for i in order]
    for rank, place, outlet in venues_of(scene):
        at = bisect_left(starts, place.start)
        near = order[max(0, at - _WINDOW) : at + _WINDOW]
        for i in _told_there(scene, attributions, near, place):
            if sources[i].outlet is None and not _is_speaker(sources[i], outlet):
                found.setdefault(i, []).append((rank, place.start, outlet))
    own: set[int] = set()
    for i, options in found.items():
        outlet = min(options, key=lambda option: option[:2])[2]
        if is_own(outlet, article):
            own.add(i)
        else:
            vias[i] = outlet.name
    for at, i in enumerate(order):
        if i not in vias and i not in own and sources[i].outlet is None:
            near = order[max(0, at - _WINDOW) : at + _WINDOW]
            around = _credited_around(scene, attributions, near, sources, vias, i)
            if around:
                vias[i] = around
    for at, i in enumerate(order):
        if i in vias or i in own or sources[i].outlet is not None or at == 0:
            continue
        via = _conversation(scene, attributions, sources, vias, order[max(0, at - 4) : at], i)
        if via:
            vias[i] = via
    return vias


def _is_speaker(source: Source, outlet: OutletName) -> bool:
    return source.speaker is not None and source.speaker == outlet.name


def _told_there(
    scene: Scene, attributions: Sequence[Attribution], order: Sequence[int], place: Span
) -> list[int]:
    """The attributions that an outlet at `place` belongs to: of its sentence, not within their content, the nearest."""
    text = scene.article.text
    sentence = scene.sentence_of(place.start)
    before: list[tuple[int, int]] = []
    after: list[tuple[int, int]] = []
    for i in order:
        attribution = attributions[i]
        anchors = _anchors(attribution) if attribution.source or attribution.cue else ()
        if not any(sentence.overlaps(anchor) for anchor in anchors):
            continue
        around = [j for j in order if any(span.overlaps(place) for span in attributions[j].content)]
        if any(not any(span.overlaps(anchors[0]) for span in attributions[j].content) for j in around):
            continue
        if any(span.holds(place) for span in attribution.source):
            # "an ally who spoke to the paper", but not "a reporter for the paper".
            return [i] if _SPOKE_TO.search(text[max(0, place.start - 40) : place.start]) else []
        if any(anchor.overlaps(place) for anchor in anchors):
            before.append((-1, i))
            continue
        ends = [anchor.end for anchor in anchors if anchor.end <= place.start]
        if ends:
            before.append((place.start - max(ends), i))
        else:
            after.append((anchors[0].start - place.end, i))
    near = before or after
    if not near:
        return []
    least = min(gap for gap, _ in near)
    told = [i for gap, i in near if gap == least]
    # "Asked on Larkspur Radio whether …, Finch said no": the answer was given there too.
    if _ASKED.search(text[sentence.start : place.start]):
        told += [i for _, i in after if i not in told][:1]
    return told


def _credited_around(
    scene: Scene,
    attributions: Sequence[Attribution],
    order: Sequence[int],
    sources: dict[int, Source],
    vias: dict[int, str],
    i: int,
) -> str | None:
    """The outlet credited with a report of which this statement is a part, or with the same statement."""
    mine = attributions[i]
    for j in order:
        if j == i or j not in vias:
            continue
        other = attributions[j]
        inside = bool(mine.cue or mine.source) and any(
            span.overlaps(anchor) for span in other.content for anchor in _anchors(mine)
        )
        if inside and (sources[j].sourcing is Sourcing.OUTLET or sources[i].speaker is None):
            return vias[j]
        if sources[j].sourcing is Sourcing.OUTLET and any(
            a.overlaps(b) for a in mine.content for b in other.content
        ):
            return vias[j]
        if (
            mine.source
            and sources[j].sourcing is Sourcing.OUTLET
            and _same_sentence(scene, mine, other)
            and any(cue.of(scene.article.text).lower() == "according to" for cue in other.cue)
        ):
            return vias[j]
    return None


def _same_sentence(scene: Scene, one: Attribution, other: Attribution) -> bool:
    """Whether a credit stands behind a statement in its sentence: "…,” said Finch, according to the Post"."""
    place, credit = _place(one), _place(other)
    return (
        place[1] <= credit[0]
        and scene.sentence_of(place[0]) == scene.sentence_of(credit[0])
        and not any(span.start <= credit[0] < span.end for span in one.content)
        and any(
            "”" in span.of(scene.article.text) or '"' in span.of(scene.article.text) for span in one.content
        )
    )


def _conversation(
    scene: Scene,
    attributions: Sequence[Attribution],
    sources: dict[int, Source],
    vias: dict[int, str],
    earlier: Sequence[int],
    i: int,
) -> str | None:
    """The outlet of the statement before, where this one plainly goes on with it."""
    text = scene.article.text
    mine = attributions[i]
    anchors = _anchors(mine)
    if not anchors or not earlier:
        return None
    sentence = scene.sentence_of(anchors[0].start)
    frame = _frame(text, sentence, mine)
    if OTHER_VENUE.search(frame):
        return None
    for j in reversed(earlier[-4:]):
        same = sources[j].speaker == sources[i].speaker and (
            sources[i].speaker is not None or sources[i].again
        )
        if sources[j].sourcing is Sourcing.NARRATION or (not same and _nested(attributions[j], mine)):
            continue
        if not same:
            return None
        if j not in vias:
            if OTHER_VENUE.search(
                _frame(text, scene.sentence_of(_anchors(attributions[j])[0].start), attributions[j])
            ):
                return None
            continue
        start = min(span.start for span in (*anchors, *mine.content))
        gap = text[_place(attributions[j])[1] : start]
        close = gap.count("\n\n") <= 2 and len(gap) < 700
        same_breath = (
            "\n" not in gap
            and not ANOTHER_TIME.search(frame)
            and text[anchors[0].start : anchors[0].end].lower() != "who"
        )
        goes_on = _GOES_ON.search(frame) or _THE_INTERVIEW.search(frame) or sources[i].again or same_breath
        return vias[j] if close and goes_on else None
    return None


def _nested(outer: Attribution, inner: Attribution) -> bool:
    """Whether one is told within the other's content, either way round."""
    return any(s.overlaps(a) for s in outer.content for a in _anchors(inner)) or any(
        s.overlaps(a) for s in inner.content for a in _anchors(outer)
    )


def _frame(text: str, sentence: Span, attribution: Attribution) -> str:
    """The sentence without what is said in it."""
    frame = text[sentence.start : sentence.end]
    for span in attribution.content:
        start, end = (
            max(span.start, sentence.start) - sentence.start,
            min(span.end, sentence.end) - sentence.start,
        )
        if start < end:
            frame = frame[:start] + " " * (end - start) + frame[end:]
    return frame
