"""Where the bytes are: files, folders and standard input, opened one at a time."""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO

from whipcount.errors import ArticleError, Unreadable
from whipcount.gather.kinds import HEAD

STDIN = "-"
ARCHIVES = (".warc", ".warc.gz", ".warc.zst")
"""Web archives: `archives` finds them, and they are read in a way of their own."""
SKIPPED = (".gold.json", ".md", *ARCHIVES)
"""What stands beside an article and is none: a folder's files of this ending are passed over."""
_COMPRESSED = ".gz"
_GZIP = b"\x1f\x8b"
_BUFFER = HEAD


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to open: a file, or standard input."""

    name: str
    """What errors call it."""
    path: Path | None = None

    @property
    def stem(self) -> str:
        """The file's name without its endings `.html`, `.txt.gz` and so on."""
        if self.path is None:
            return "stdin"
        name = self.path.name.removesuffix(_COMPRESSED)
        return name.rpartition(".")[0] or name

    @property
    def ending(self) -> str:
        """The ending that says the kind, in lower case, `.gz` left out."""
        return Path(self.path.name.removesuffix(_COMPRESSED)).suffix.lower() if self.path else ""


@contextmanager
def opened(source: Source, stdin: BinaryIO | None) -> Iterator[BufferedReader]:
    """The source's bytes, unpacked if packed; raises `Unreadable`, also for what goes wrong in reading."""
    try:
        if source.path is None:
            if stdin is None:
                raise Unreadable("there is no standard input")
            yield _unpacked(BufferedReader(_Piped(stdin), _BUFFER))
        else:
            if _is_special(source.path):
                raise Unreadable("can't be read: not a regular file")
            with BufferedReader(source.path.open("rb", buffering=0), _BUFFER) as file:
                yield _unpacked(file)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise Unreadable("broken or truncated gzip data") from None
    except (OSError, ValueError) as error:
        raise unreadable(error) from error


def _unpacked(file: "BufferedReader[Any]") -> BufferedReader:
    if file.peek(2)[:2] == _GZIP:
        return BufferedReader(gzip.GzipFile(fileobj=file), _BUFFER)
    return file


def unreadable(error: Exception) -> Unreadable:
    """An operating system's refusal in one line."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Unreadable(f"can't be read: {reason[:1].lower()}{reason[1:]}")


def sources(paths: Sequence[str]) -> Iterator[Source | ArticleError]:
    """The files that the paths name, folders walked in the order of names."""
    for path in paths:
        if path == STDIN:
            yield Source("standard input")
        elif os.path.isdir(path):  # noqa: PTH112 - Path() raises on a null byte before 3.13
            yield from _folder(path)
        else:
            yield Source(path, Path(path))


def is_archive(path: str | Path) -> bool:
    """Whether a file's name is that of a web archive; an address is no file."""
    return "://" not in str(path) and str(path).lower().endswith(ARCHIVES)


def archives(paths: Sequence[str]) -> list[Path]:
    """The web archives that the paths name, or that lie in the folders that they name; in order."""
    out: list[Path] = []
    for path in paths:
        if is_archive(path):
            out.append(Path(path))
        elif os.path.isdir(path):  # noqa: PTH112 - Path() raises on a null byte before 3.13
            out += sorted(one for one in Path(path).rglob("*") if is_archive(one) and one.is_file())
    return out


def _folder(folder: str) -> Iterator[Source | ArticleError]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield Unreadable(f"{folder}: {unreadable(error)}")
        return
    pages = {os.path.splitext(entry.name)[0] for entry in entries if _is_page(entry.name)}  # noqa: PTH122
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith(SKIPPED):
            continue
        # A link to a folder is not followed: it may lead back here.
        if entry.is_dir(follow_symlinks=False):
            # "Name_files" beside "Name.html" holds a saved page's pictures and scripts.
            if entry.name.removesuffix("_files") == entry.name or entry.name[: -len("_files")] not in pages:
                yield from _folder(entry.path)
        elif not _is_special(entry):
            yield Source(entry.path, Path(entry.path))


def _is_page(name: str) -> bool:
    return name.lower().endswith((".html", ".htm"))


def _is_special(path: os.PathLike[str]) -> bool:
    """A pipe, a socket, a device or a folder: opening it could wait for ever."""
    try:
        return not stat.S_ISREG(os.stat(path).st_mode)  # noqa: PTH116 - also for folder entries
    except OSError:
        return False  # opening it says why


class _Piped(RawIOBase):
    """A stream that is only read on, as standard input may be."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as there is something."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
