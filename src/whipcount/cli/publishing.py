"""`publish`: the site as a folder of files."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import click
from rich.console import Console

from whipcount.cli.options import db_option, open_ledger
from whipcount.errors import WhipcountError

_MARK = ".whipcount-site"
"""Tells a folder that was written here from one that is somebody's."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@db_option
@click.option(
    "--public-url", metavar="URL", default="", help="Where the copy will stand, for the feed's links."
)
def publish(*, folder: Path, db: str | None, public_url: str) -> None:
    """Write a copy of the whole site into FOLDER, which works from any file server and without this program.

    Count, holdouts, everybody's history, articles, stories, sources, changes, method and the files behind them;
    not what needs a server: forms, logging in, reviewing. The folder takes the place of an earlier copy at
    once, when all of it is written; a folder that holds anything else is left alone.

    \b
    Examples:
      whipcount publish site/
      whipcount publish /srv/www/tracker --public-url https://tracker.example
    """  # noqa: D301
    from whipcount.web.app import WebOptions, create_app  # noqa: PLC0415
    from whipcount.web.static_copy import pages  # noqa: PLC0415

    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise WhipcountError(f"{folder} holds something else; name an empty folder or one that is not there")
    parent = folder.absolute().parent
    if not parent.is_dir():
        raise WhipcountError(f"there is no folder {parent}")
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=parent))
    out = Console(stderr=True)
    try:
        with open_ledger(db) as ledger, out.status("writing the site") as status:
            app = create_app(ledger, WebOptions(public_url=public_url.rstrip("/"), rate=0))

            async def write() -> int:
                count = 0
                async for file in pages(app):
                    path = made / file.path
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(file.content)
                    count += 1
                    status.update(f"{count:,} files written")
                return count

            count = asyncio.run(write())
        (made / _MARK).write_text("made by whipcount publish\n", encoding="utf-8")
        made.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        made.rename(folder)
    except OSError as error:
        raise WhipcountError(f"can't write {folder}: {error.strerror}") from None
    finally:
        if made.exists():
            shutil.rmtree(made)
    click.echo(f"{count:,} files in {folder}", err=True)
