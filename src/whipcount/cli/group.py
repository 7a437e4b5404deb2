"""The top of the command line: what commands there are, and how errors come out.

A command's module loads when the command runs. `whipcount --help` needs no language model,
and `whipcount count` neither.
"""

import io
import sys
from importlib import import_module
from typing import Any

import click

from whipcount import __version__
from whipcount.errors import WhipcountError

FAILED, SOME_FAILED = 1, 3
"""Exit codes: nothing could be done; some articles failed and the rest is done."""

COMMANDS = {
    "read": ("whipcount.cli.articles", "Show what articles say, storing nothing."),
    "add": ("whipcount.cli.articles", "Read articles and keep what they say in the ledger."),
    "follow": ("whipcount.cli.following", "Follow feeds and news sitemaps, as long as it runs."),
    "sources": ("whipcount.cli.following", "How the followed sources do: dead and drifting ones."),
    "count": ("whipcount.cli.listings", "The standing of every endorser for each endorsee."),
    "holdouts": ("whipcount.cli.listings", "Who is withholding or expected, and what they ask for."),
    "show": ("whipcount.cli.listings", "One endorser's or endorsee's history."),
    "roster": ("whipcount.cli.rosters", "Where everybody on a list stands, the silent ones too."),
    "review": ("whipcount.cli.review", "Decide on what was read: a queue, decisions, figures."),
    "export": ("whipcount.cli.exports", "Write the count as a file for others."),
    "publish": ("whipcount.cli.publishing", "The site as a folder of files."),
    "people": ("whipcount.cli.people", "Who is who: the registry, and whom a name stands for."),
    "contest": ("whipcount.cli.contests", "Contests: what is decided when, and who stands for it."),
    "serve": ("whipcount.cli.serve", "Serve the site on the ledger."),
    "user": ("whipcount.cli.users", "Who may use the site."),
    "webhook": ("whipcount.cli.webhooks", "Who is told of changes by webhook."),
    "check": ("whipcount.cli.keeping", "Verify every row of a ledger."),
    "dump": ("whipcount.cli.keeping", "The whole ledger as JSON Lines."),
    "load": ("whipcount.cli.keeping", "Make a ledger of a dump."),
    "learn": ("whipcount.cli.training", "Train the reading models anew."),
}
"""Each command with its module and its line in `whipcount --help`."""


class Commands(click.Group):
    """Loads a command when it runs, and says what went wrong in one line without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of their use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the module that holds the command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what Whipcount raises on purpose becomes its message and exit code 1."""
        try:
            return super().invoke(ctx)
        except WhipcountError as error:
            complain(str(error))
            ctx.exit(FAILED)


def complain(message: str) -> None:
    """One line on stderr."""
    click.echo(f"whipcount: {' '.join(message.split())}", err=True)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 all done, 1 nothing could be done, 2 wrong usage, 3 some articles failed "
    "and the rest is done.",
)
@click.version_option(__version__, message="whipcount %(version)s")
def main() -> None:
    """Reads news articles and keeps the sourced count of who backs whom.

    \b
    Look at what an article says:   whipcount read article.html
    Keep it:                        whipcount add articles/
    Keep up with the news:          whipcount follow FEEDS.toml
    The count:                      whipcount count
    Who has not come out yet:       whipcount holdouts
    All of it in a browser:         whipcount serve
    """  # noqa: D301 - click's mark for lines that stay as they are
    # JSON and CSV are UTF-8 wherever we run.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
