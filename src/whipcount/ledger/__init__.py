"""The store of all evidence: only ever added to."""

from whipcount.ledger.adding import Added
from whipcount.ledger.evidence import ArticleRef, Evidence, Quote, Story
from whipcount.ledger.store import Ledger, Totals

__all__ = ["Added", "ArticleRef", "Evidence", "Ledger", "Quote", "Story", "Totals"]
