"""The table of outlets as entries: a paper endorses, and is an organization like others."""

from collections.abc import Iterator

from whipcount.article import Kind
from whipcount.outlet_table import outlets
from whipcount.people.registry import Called, Entry, ExternalId, Name, entry_id


def outlet_entries() -> Iterator[Entry]:
    """Every outlet that the page stage knows, other names included."""
    for one in outlets():
        ids = (ExternalId("outlet", one.id),)
        names = (Name(one.name), *(Name(alias, Called.SHORT) for alias in one.aliases))
        yield Entry(entry_id(Kind.ORGANIZATION, one.name, ids), one.name, Kind.ORGANIZATION, names, ids)
