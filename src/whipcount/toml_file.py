"""Small TOML files that users write: read, and checked key by key, so that a mistake is one line."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from whipcount.errors import ContestError

E = TypeVar("E", bound=StrEnum)


def load(path: Path) -> dict[str, Any]:
    """What a TOML file holds."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ContestError(f"can't read {path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ContestError(f"{path} is no TOML: {error}") from None


class Keys:
    """A table of such a file; `where` it stands is said of whatever is wrong in it."""

    def __init__(self, table: Any, where: str, known: Iterable[str]) -> None:
        known = tuple(known)
        if not isinstance(table, Mapping):
            raise ContestError(f"{where} is no table")
        if unknown := sorted(str(key) for key in table.keys() - set(known)):
            raise ContestError(f"{where} has an unknown {unknown[0]!r}; there are {', '.join(known)}")
        self._table, self.where = table, where

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def get(self, key: str) -> Any:
        """The value as it stands."""
        return self._table.get(key)

    def text(self, key: str) -> str | None:
        """A text, or None."""
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "a text")
        return " ".join(value.split())

    def needed(self, key: str) -> str:
        """A text that must be there."""
        value = self.text(key)
        if value is None:
            raise ContestError(f"{self.where} needs a {key}")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A text, or a list of some."""
        value = self._table.get(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
            raise self.wrong(key, "a text or a list of texts")
        return tuple(" ".join(v.split()) for v in values)

    def day(self, key: str) -> dt.date | None:
        """A day, or None."""
        value = self._table.get(key)
        if isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                raise self.wrong(key, "a day, like 2024-07-24") from None
        if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
            raise self.wrong(key, "a day, like 2024-07-24")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where it is left out."""
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def choice(self, key: str, kind: type[E]) -> E | None:
        """One of the words of `kind`, or None."""
        value = self.text(key)
        return None if value is None else self._choice(key, value, kind)

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Some of the words of `kind`."""
        return tuple(self._choice(key, value, kind) for value in self.texts(key))

    def number(self, key: str) -> float:
        """A number that is not negative."""
        value = self._table.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
            raise self.wrong(key, "a number")
        return float(value)

    def tables(self, key: str) -> list[Any]:
        """A list of tables."""
        value = self._table.get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, f"tables, each under [[{key}]]")
        return value

    def wrong(self, key: str, should: str) -> ContestError:
        """What is said of a value that makes no sense."""
        return ContestError(f"{self.where}: {key} must be {should}, not {self._table.get(key)!r}")

    def _choice(self, key: str, value: str, kind: type[E]) -> E:
        try:
            return kind(value)
        except ValueError:
            raise ContestError(f"{self.where}: {key} must be of {', '.join(kind)}, not {value!r}") from None
