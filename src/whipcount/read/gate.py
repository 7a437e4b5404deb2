"""The cheap gate: can this text hold a position at all? Words alone, before any parse.

Most news names no position. An article passes whose words of taking sides and of elections weigh enough;
what that loses is in docs/accuracy.md. A page's raw bytes are weighed the same way before (`page/raw_gate.py`).
"""

import re

from whipcount.page.gate_words import weigh

_BRIEF = 600
"""Characters of a text too short to name an election as often as an article does."""
_ELECTORAL = 3
"""Words of elections that an article on one has at least."""
_ENDORSE = re.compile(r"endors", re.IGNORECASE)


def passes(text: str) -> bool:
    """Whether an article's text is worth reading for positions."""
    if len(text) < _BRIEF and _ENDORSE.search(text):
        return True
    return weigh(text.encode("utf-8", "ignore")).enough(_ELECTORAL)
