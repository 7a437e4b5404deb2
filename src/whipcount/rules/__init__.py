"""Rules of counting: which reports and standings count, and why the others do not.

Entries: `load_rules` for one set of rules, `apply` to count by some. Rules only ever leave out: what counts by them
counts by the house's as well. A set is a small TOML file; those in this folder go by their names.
"""

from whipcount.rules.apply import AS_OF, Counted, Excluded, apply, points
from whipcount.rules.file import Points, Rules, load_rules, shipped

__all__ = ["AS_OF", "Counted", "Excluded", "Points", "Rules", "apply", "load_rules", "points", "shipped"]
