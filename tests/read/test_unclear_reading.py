"""An endorsement told twice: which sentence is the evidence is unclear, and it is not lost."""

from whipcount.article import Article, Stand
from whipcount.read import read

TWICE = """Mayor Ada Brook of Larkfield has endorsed Cy Dunmore in the race for governor, two weeks before the primary.
“I am supporting Cy Dunmore,” the mayor told the Harbour Times. The candidates meet for a debate on Tuesday, and
the voters of the party choose their nominee for the November election on the Tuesday after that."""


def test_what_is_told_twice_arrives_at_least_as_unclear() -> None:
    found = read(Article("ferry", TWICE))
    [one] = [*found.positions, *found.unclear]
    assert (one.endorser, one.endorsee, one.position) == ("Ada Brook", "Cy Dunmore", Stand.ENDORSED)
    assert (one.sourcing, one.via) == ("own_words", "Harbour Times")
    assert one.evidence.of(TWICE) in {
        TWICE.splitlines()[0],
        "“I am supporting Cy Dunmore,” the mayor told the Harbour Times.",
    }


def test_what_is_given_is_not_told_again_as_unclear() -> None:
    found = read(Article("ferry", TWICE.replace("has endorsed", "endorsed")))
    pairs = [(one.endorser, one.endorsee) for one in (*found.positions, *found.unclear)]
    assert len(pairs) == len(set(pairs))
