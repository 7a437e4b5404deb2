"""What pages and the API show: read functions over an open ledger that give small frozen types.

from whipcount import desk
desk.count(ledger, as_of=day).groups[0].totals
"""

from whipcount.desk.choosing import ContestChoice, contests, foremost
from whipcount.desk.counting import By, Count, Filters, Group, Row, Series, Sort, count, over_time
from whipcount.desk.histories import History, Moved, changes, endorser
from whipcount.desk.holding import HoldoutRow, Holdouts, holdouts
from whipcount.desk.outlets import Outlet, sources
from whipcount.desk.sight import all_rules
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
    "HoldoutRow",
    "Holdouts",
    "Moved",
    "Outlet",
    "Row",
    "Series",
    "Sort",
    "StoryView",
    "all_rules",
    "article",
    "changes",
    "contests",
    "count",
    "endorser",
    "foremost",
    "holdouts",
    "over_time",
    "sources",
    "story",
    "told",
]
