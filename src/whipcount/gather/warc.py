"""Web archives: the pages of a WARC file, streamed one at a time however long it is.

fastwarc finds the records. What is ours: only whole HTML answers that were found (status 200), broken
records passed over, an end that is cut off said so, and a place to go on from after an interruption.

The day of the crawl (WARC-Date) is not the day of publication, and is never given out as such.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType

from whipcount.errors import ArticleError, BrokenRecord, TooLarge
from whipcount.gather.files import unreadable
from whipcount.gather.records import LIMIT
from whipcount.gather.warc_bytes import is_whole, next_record, plain_body

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_BUFFER = 1 << 20
_HEAD = 1 << 16
_MOST_FAILURES = 100
"""In a row; after that the rest is given up."""


@dataclass(frozen=True, slots=True)
class Captured:
    """A page as a crawler found it."""

    id: str
    url: str
    headers: Mapping[str, str]
    """Of the HTTP answer."""
    body: bytes
    """Unpacked."""
    fetched: dt.datetime | None
    """When the crawler fetched it, which says nothing of when it was published."""


def fingerprint(path: Path) -> str:
    """What makes an archive the same wherever it lies: a digest of its beginning, which names its crawl and time.

    One that was cut off keeps it when the rest arrives. Raises `Unreadable`.
    """
    try:
        with path.open("rb") as file:
            return sha256(file.read(_HEAD)).hexdigest()
    except OSError as error:
        raise unreadable(error) from error


def stretches(path: Path, start: int, length: int) -> Iterator[tuple[int, int | None]]:
    """An archive cut where records begin, into stretches of about `length` bytes: the first byte, and the byte after.

    The last one has no end: it reads to the end of the file. A file that was packed as a whole, instead of
    record by record, is one stretch. Raises `Unreadable`.
    """
    try:
        with path.open("rb", buffering=0) as file:
            size = file.seek(0, 2)
            while (following := next_record(file, start + length, size)) is not None:
                yield start, following
                start = following
        yield start, None
    except OSError as error:
        raise unreadable(error) from error


def everything(body: bytes) -> bool:
    """A filter that lets each page through."""
    del body
    return True


class Archive:
    """The pages of a WARC file whose records begin from one byte on and before another, to be gone through once.

    Gives, in the file's order, a `Captured` for each page that `keep` lets through and an `ArticleError` for
    each record that can't be used. Raises `Unreadable` where the file can't be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        start: int = 0,
        stop: int | None = None,
        keep: Callable[[bytes], bool] = everything,
    ) -> None:
        self.path = path
        self._keep = keep
        self._start = start
        self._stop = stop
        self.position = start
        """The byte to go on from: where the stretch ends, or the record before the one that is cut off."""
        self.pages = 0
        """HTML answers seen so far."""
        self.kept = 0
        """Of these, those given out."""
        self.broken = 0
        """Records that can't be used."""
        self.complete = False
        """Whether the end was reached, and is a whole record's."""

    def __iter__(self) -> Iterator[Captured | ArticleError]:
        try:
            with self.path.open("rb", buffering=0) as file:
                size = file.seek(0, 2)
                yield from self._items(file, size, size if self._stop is None else min(size, self._stop))
        except OSError as error:
            raise unreadable(error) from error

    def _items(self, file: BinaryIO, size: int, stop: int) -> Iterator[Captured | ArticleError]:
        at, failures, bad = self._start, 0, -1
        while at < stop:
            file.seek(at)
            last = at
            try:
                for record in ArchiveIterator(
                    file, record_types=WarcRecordType.response, buffer_size=_BUFFER, inplace=True
                ):
                    # In a file that was packed as a whole, every record seems to begin at the end.
                    if stop < size and record.stream_pos >= stop:
                        break
                    last = record.stream_pos
                    item = self._item(record)
                    if failures:
                        yield self._broken(bad)
                        failures = 0
                    self.position = last
                    if item is not None:
                        yield item
            except (OSError, ValueError, OverflowError):
                # What failed is the record there, or one of another type after it.
                bad = bad if failures else last
                failures += 1
                following = next_record(file, last + 1, size) if failures <= _MOST_FAILURES else None
                if following is None:
                    break
                at = following
            else:
                if stop == size and not is_whole(file, last, size):
                    break
                at = stop
        if at < stop:
            self.position = max(self.position, bad)
            yield self._unusable(
                BrokenRecord(f"cut off or broken from byte {self.position} on; what came before is kept")
            )
            return
        if failures:
            yield self._broken(bad)
        self.position, self.complete = stop, True

    def _broken(self, at: int) -> ArticleError:
        return self._unusable(BrokenRecord(f"broken record at or after byte {at}, passed over"))

    def _item(self, record: WarcRecord) -> Captured | ArticleError | None:
        """The page in a record, if it holds one that is wanted. Raises `ValueError` for half a record."""
        http = record.http_headers
        if http is None or http.status_code is None:
            if not record.headers.get("Content-Length"):
                raise ValueError("a record without its length")
            return None
        if http.status_code != 200 or (record.http_content_type or "").lower() not in _HTML:
            return None
        length = record.content_length
        body = record.reader.read(min(length, LIMIT + 1))
        if len(body) < min(length, LIMIT + 1):
            raise ValueError("a record that ends early")
        self.pages += 1
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        if not url.startswith(("http://", "https://")):
            return self._broken(record.stream_pos)
        if length > LIMIT:
            return self._unusable(TooLarge(f"{url}: longer than {LIMIT // 1_000_000} MB"))
        try:
            body = plain_body(body, http.get("Transfer-Encoding"), http.get("Content-Encoding"), LIMIT)
        except ArticleError as error:
            return self._unusable(type(error)(f"{url}: {error}"))
        if not self._keep(body):
            return None
        self.kept += 1
        name = (record.record_id or "").strip("<>").removeprefix("urn:uuid:")
        return Captured(
            id=name or f"{self.path.name}@{record.stream_pos}",
            url=url,
            headers=http.to_dict(),
            body=body,
            fetched=_moment(record),
        )

    def _unusable(self, error: ArticleError) -> ArticleError:
        self.broken += 1
        return error


def _moment(record: WarcRecord) -> dt.datetime | None:
    try:
        return record.record_date
    except (ValueError, OverflowError):
        return None
