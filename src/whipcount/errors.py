"""Everything that Whipcount raises on purpose.

    WhipcountError
      ArticleError      one item can't be read: it is reported, counted and skipped
        EmptyArticle
        NotAnArticle    binary content, a page with no article in it, an unknown kind
        TooLarge
        BrokenRecord    truncated or malformed JSON, or a broken record of a web archive
        Unreadable      the file can't be opened
      LedgerError       the ledger can't be opened or is of a later version
      SettingsError     an option has a value that makes no sense

Each message is one line that a user can act on.
"""


class WhipcountError(Exception):
    """Base of all: `str()` of it is one line for the user."""


class ArticleError(WhipcountError):
    """One item can't be read; the rest goes on."""


class EmptyArticle(ArticleError):
    """There is no text in it."""


class NotAnArticle(ArticleError):
    """Binary content, a page with no article, or a kind we don't know."""


class TooLarge(ArticleError):
    """Longer than an article can be."""


class BrokenRecord(ArticleError):
    """Truncated or malformed JSON, a record that lacks its text, or a broken record of a web archive."""


class Unreadable(ArticleError):
    """The file can't be opened."""


class LedgerError(WhipcountError):
    """The ledger can't be opened, or it was written by a later version."""


class SettingsError(WhipcountError):
    """An option has a value that makes no sense."""
