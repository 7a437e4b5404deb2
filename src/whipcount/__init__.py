"""Whipcount reads the news and keeps the sourced count of who backs whom."""

from importlib.metadata import version

__version__ = version("whipcount")
