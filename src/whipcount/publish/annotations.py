"""Evidence as W3C Web Annotations: which words of which page say what.

The words on the live page are named by themselves with what stands before and after them, and by the text
fragment that browsers follow; those in the text that the ledger keeps by their place as well (Web Annotation
Data Model, W3C Recommendation of 2017; URL Fragment Text Directives, W3C draft). Entry: `page(evidence, text_of)`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from whipcount.article import Span
from whipcount.ledger.evidence import Evidence
from whipcount.publish.fragments import text_directive

ANNO = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 40
"""Characters of the text before and after."""


def page(evidence: Iterable[Evidence], text_of: Callable[[str], str]) -> dict[str, Any]:
    """An annotation page with one annotation a piece of evidence; `text_of` gives an article's text by its id."""
    return {
        "@context": ANNO,
        "id": "urn:whipcount:annotations",
        "type": "AnnotationPage",
        "items": [annotation(one, text_of(one.article.id)) for one in evidence],
    }


def annotation(one: Evidence, text: str) -> dict[str, Any]:
    """One annotation; its text as found in the article `text`."""
    span = one.quote.span
    words = _quoted(span, text)
    kept = {
        "type": "SpecificResource",
        "source": f"urn:whipcount:article:{one.article.id}",
        "selector": [words, {"type": "TextPositionSelector", "start": span.start, "end": span.end}],
    }
    targets = [kept]
    if one.article.url and one.article.url.startswith(("http://", "https://")):
        fragment = {
            "type": "FragmentSelector",
            "conformsTo": "https://wicg.github.io/scroll-to-text-fragment/",
            "value": f":~:text={text_directive(one.quote.exact)}",
        }
        targets.insert(
            0, {"type": "SpecificResource", "source": one.article.url, "selector": [words, fragment]}
        )
    body = {
        "type": "TextualBody",
        "format": "text/plain",
        "language": "en",
        "value": f"{one.endorser.name}: {one.position.value} ({one.endorsee.name}); {one.sourcing.value}",
    }
    out: dict[str, Any] = {
        "id": f"urn:whipcount:evidence:{one.id}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": [body, {"type": "SpecificResource", "source": f"urn:whipcount:terms#{one.position.value}", "purpose": "classifying"}],
        "target": targets,
    }  # fmt: skip
    if one.added_at:
        out["created"] = one.added_at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return out


def _quoted(span: Span, text: str) -> dict[str, str]:
    return {
        "type": "TextQuoteSelector",
        "exact": span.of(text),
        "prefix": text[max(0, span.start - _AROUND) : span.start],
        "suffix": text[span.end : span.end + _AROUND],
    }
