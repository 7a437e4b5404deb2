"""Articles from files, folders and standard input. What reads bytes from outside is here."""

from whipcount.gather.gather import gather

__all__ = ["gather"]
