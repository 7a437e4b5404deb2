"""Attributions as a part of anybody's spaCy pipeline: `nlp.add_pipe("whipcount_attribution")`."""

from collections.abc import Iterable, Iterator
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from whipcount.read.attribution import attribute_all

_BATCH = 32


class AttributionComponent:
    """Sets `doc._.attributions`: source, cue and content as spans of code points into `doc.text`."""

    def __init__(self) -> None:
        if not Doc.has_extension("attributions"):
            Doc.set_extension("attributions", default=())

    def __call__(self, doc: Doc) -> Doc:
        """One document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = _BATCH) -> Iterator[Doc]:
        """Many documents, in order."""
        waiting = iter(stream)
        while batch := list(islice(waiting, batch_size)):
            for doc, found in zip(batch, attribute_all([d.text for d in batch]), strict=True):
                doc._.attributions = found
                yield doc


@Language.factory("whipcount_attribution")
def make(nlp: Language, name: str) -> AttributionComponent:
    """What spaCy's entry point calls."""
    del nlp, name
    return AttributionComponent()
