"""Long lists a page at a time."""

from collections.abc import Sequence
from typing import Annotated, TypeVar

from fastapi import Query

T = TypeVar("T")
PageNumber = Annotated[int, Query(alias="page", ge=1, le=100_000)]


def cut(items: Sequence[T], number: int, size: int) -> tuple[Sequence[T], int]:
    """The items of one page, and how many pages there are."""
    return items[(number - 1) * size : number * size], max(1, -(-len(items) // size))
