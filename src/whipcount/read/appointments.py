"""Who is up for an appointment, not for election: votes to confirm somebody are no endorsements.

Entry: `appointees(text, lines, mentions)`.
"""

import re
from collections import Counter
from collections.abc import Sequence

from whipcount.article import Mention, Span

_OFFICE = (
    r"(?:(?:attorney|surgeon|postmaster|solicitor) general|secretary|director|judge|justice|ambassador|commissioner|administrator"
    r"|(?:supreme|district|appeals|circuit) court|cabinet|bench)"
)
_CONFIRMING = re.compile(
    rf"\b(?:confirmation|cloture|filibuster)\b|\bconfirm (?:him|her|them|[A-Z])|\bjudicial nomine|\bcabinet (?:nominee|pick)"
    rf"|\bnomin(?:ation|ated?|ees?)\b[^.;]{{0,30}}\b(?:as|for|to be|to)\b[^.;]{{0,25}}\b{_OFFICE}\b|\b{_OFFICE}[^.;]{{0,12}} nominee\b"
)
_VOTING = re.compile(
    r"\b(?:election|re-?election|primary|primaries|caucus\w*|ballot|candida\w+|campaign\w*|running|polls?|voters)\b"
)
_SEVERAL = 2


def appointees(text: str, lines: Sequence[Span], mentions: Sequence[Mention]) -> frozenset[str]:
    """Those whom an article names in several sentences on a confirmation, and in fewer on an election."""
    confirmed: Counter[str] = Counter()
    elected: Counter[str] = Counter()
    for line in lines:
        said = line.of(text)
        confirming, voting = bool(_CONFIRMING.search(said)), bool(_VOTING.search(said))
        if confirming or voting:
            names = {m.name for m in mentions if line.holds(m.span)}
            confirmed.update(names if confirming else ())
            elected.update(names if voting else ())
    return frozenset(name for name, n in confirmed.items() if n >= _SEVERAL and n > elected[name])
