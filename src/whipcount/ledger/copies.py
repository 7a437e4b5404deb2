"""Which stories have joined: two stories that turned out one go on under the id of the older.

That they did is in `story_joins`, which only ever grows. The index by which copies are found (`story_texts`,
`story_keys`) is made of the articles and may be made anew, so its rows are not guarded; `placing` fills it.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from whipcount.ledger.models import ArticleRow, StoryJoinRow, StoryTextRow


def root(connection: Connection, story: str) -> str:
    """The story under whose id a story goes on."""
    while into := connection.scalar(select(StoryJoinRow.into).where(StoryJoinRow.id == story)):
        story = into
    return story


def ends(connection: Connection, stories: set[str]) -> dict[str, str]:
    """Under whose id each of some stories goes on; those that never joined another are left out."""
    into: dict[str, str] = {}
    open_ones = stories
    while open_ones:
        query = select(StoryJoinRow.id, StoryJoinRow.into).where(StoryJoinRow.id.in_(open_ones))
        found = {row.id: row.into for row in connection.execute(query)}
        into |= found
        open_ones = set(found.values()) - into.keys()
    return roots(into.items())


def joined(connection: Connection, root: str) -> list[str]:
    """A story and all that have joined it, at whatever remove."""
    found, latest = [root], [root]
    while latest:
        latest = list(connection.scalars(select(StoryJoinRow.id).where(StoryJoinRow.into.in_(latest))))
        found += latest
    return found


def roots(joins: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The same for all stories that were joined, of the pairs (story, into)."""
    into = dict(joins)
    found = {}
    for story in into:
        end = story
        while end in into:
            end = into[end]
        found[story] = end
    return found


def age(connection: Connection, story: str) -> int:
    """The number of the text that began the story: the lower, the older."""
    query = (
        select(func.min(StoryTextRow.number))
        .join(ArticleRow, ArticleRow.id == StoryTextRow.article_id)
        .where(ArticleRow.story == story)
    )
    return connection.scalar(query) or 0
