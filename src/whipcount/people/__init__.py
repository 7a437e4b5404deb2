"""Which person or organization a name stands for."""

from whipcount.people.identity import Identity, Resolution, Resolve, by_name, names_alone
from whipcount.people.names import best_name, normal_name

__all__ = ["Identity", "Resolution", "Resolve", "best_name", "by_name", "names_alone", "normal_name"]
