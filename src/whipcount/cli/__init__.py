"""The `whipcount` command."""

from whipcount.cli.group import main

__all__ = ["main"]
