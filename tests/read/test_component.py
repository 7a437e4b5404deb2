"""The spaCy component, found by its name through the installed entry point."""

import spacy

from whipcount.read.attribution import attribute

TEXT = "Odell Finch said that he would endorse Rina Castell on Thursday."


def test_it_is_added_by_name_and_says_what_the_function_says() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("whipcount_attribution")
    doc = nlp(TEXT)
    assert doc._.attributions == attribute(TEXT)
    assert any(part.of(TEXT).startswith("that he would") for a in doc._.attributions for part in a.content)


def test_a_stream_keeps_its_order() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("whipcount_attribution")
    texts = [TEXT, "It rained.", TEXT.replace("Finch", "Quill")]
    assert [d._.attributions for d in nlp.pipe(texts)] == [attribute(t) for t in texts]
