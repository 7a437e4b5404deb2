"""`learn`: train the reading models anew."""

import click

from whipcount.errors import SettingsError


@click.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="MODEL [OPTIONS]...")
def learn(arguments: tuple[str, ...]) -> None:
    """Train a reading model from annotated articles: `attribution`, `positions` or `gate`.

    Needs the extra packages of `pip install 'whipcount[learn]'`. Each training is seeded, prints its
    figures, and goes on where it was stopped; `whipcount learn MODEL --help` has the options.

    \b
    Examples:
      whipcount learn attribution --shared ../shared --out runs/attribution
      whipcount learn positions --shared ../shared --out runs/positions --ship
      whipcount learn gate --shared ../shared
    """  # noqa: D301 - click's mark for lines that stay as they are
    try:
        from whipcount.learn.command import learn as training  # noqa: PLC0415 - PyTorch, only where it is wanted
    except ImportError as error:
        message = f"training needs more packages ({error.name}): pip install 'whipcount[learn]'"
        raise SettingsError(message) from error
    training.main(list(arguments) or ["--help"], prog_name="whipcount learn", standalone_mode=False)
