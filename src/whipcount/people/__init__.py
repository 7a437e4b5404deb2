"""Which person or organization a name stands for."""

from whipcount.people.names import best_name, normal_name
from whipcount.people.resolve import Identity, Resolve, by_name

__all__ = ["Identity", "Resolve", "best_name", "by_name", "normal_name"]
