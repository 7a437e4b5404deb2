"""What pages and the API show: read functions over an open ledger that give small frozen types.

from whipcount import desk
desk.count(ledger, as_of=day).groups[0].totals
"""

from whipcount.desk.choosing import ContestChoice, contests
from whipcount.desk.counting import (
    By,
    Count,
    Filters,
    Group,
    Holdouts,
    Row,
    Series,
    Sort,
    count,
    holdouts,
    over_time,
)
from whipcount.desk.histories import History, Moved, changes, endorser
from whipcount.desk.outlets import Outlet, sources
from whipcount.desk.texts import ArticleView, StoryView, article, story
from whipcount.desk.told import told

__all__ = [
    "ArticleView",
    "By",
    "ContestChoice",
    "Count",
    "Filters",
    "Group",
    "History",
    "Holdouts",
    "Moved",
    "Outlet",
    "Row",
    "Series",
    "Sort",
    "StoryView",
    "article",
    "changes",
    "contests",
    "count",
    "endorser",
    "holdouts",
    "over_time",
    "sources",
    "story",
    "told",
]
