"""The command line as a user meets it."""

import csv
import io

from click.testing import CliRunner, Result

from whipcount.cli import main


def run(*args: str, given: str | bytes | None = None) -> Result:
    """What a command says and how it ends; `given` is its standard input."""
    return CliRunner().invoke(main, args, input=given)


def rows(result: Result) -> list[dict[str, str]]:
    """The CSV that a command printed, which must have succeeded."""
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))
