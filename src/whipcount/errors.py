"""Everything that Whipcount raises on purpose.

    WhipcountError
      ArticleError      one item can't be read: it is reported, counted and skipped
        EmptyArticle
        NotAnArticle    binary content, a page with no article in it, an unknown kind
        TooLarge
        BrokenRecord    truncated or malformed JSON, or a broken record of a web archive
        Unreadable      the file can't be opened
        FetchError      an address can't be fetched
          Forbidden         robots.txt says no
          PrivateAddress    it leads into a private network
          Unreachable       no such host, no connection, or an answer that breaks off
          Refused           the server answers with an error; `status` says which
          TooMuch           larger than a page may be, packed or unpacked; a TooLarge as well
          TooSlow           takes longer than it may
          TooManyRedirects
        NotAFeed        what a source sent is no feed
      LedgerError       the ledger can't be opened or is of a later version
        AlreadyFollowed another process follows sources into it
      RegistryError     a file of people and organizations can't be used
      ContestError      a contest, roster or file of rules that can't be used
      ReviewError       a decision that makes no sense
        Decided         somebody else has decided on the same meanwhile
      CursorTooOld      changes that are asked for are no longer kept
      WebhookError      a webhook that can't be added, found or told
      AccountError      an account that can't be made, found or used so
      ApiError          what the client's server answers, or that it does not
        NotReached      no answer at all
        NeedsToken      401, 403
        NotThere        404
        Conflict        409: somebody else has decided meanwhile
        Expired         410: the cursor is older than what is kept
        Invalid         422
        Busy            429, 503: `retry_after` says when to ask again
        BadSignature    a webhook's message is not from whom it says, or too old
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


class FetchError(ArticleError):
    """An address can't be fetched."""

    again = False
    """Whether another try may do better."""

    def __init__(self, message: str, *, again: bool = False, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.again = again
        self.retry_after = retry_after
        """Seconds for which the server asks to be left alone."""


class Forbidden(FetchError):
    """The site's robots.txt says no, or can't be had."""


class PrivateAddress(FetchError):
    """The address leads into a private network, to this machine or to a cloud's metadata."""


class Unreachable(FetchError):
    """No such host, no connection, or an answer that breaks off."""


class Refused(FetchError):
    """The server answers with an error, or not with a page."""

    def __init__(
        self, message: str, *, status: int, again: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(message, again=again, retry_after=retry_after)
        self.status = status


class TooMuch(FetchError, TooLarge):
    """Larger than a page may be, packed or unpacked."""


class TooSlow(FetchError):
    """Takes longer than it may, all in all or between two pieces."""


class TooManyRedirects(FetchError):
    """One address leads to the next and so on, or in a circle."""


class NotAFeed(ArticleError):
    """What a source sent is no feed, sitemap or index of sitemaps."""


class LedgerError(WhipcountError):
    """The ledger can't be opened, or it was written by a later version."""


class AlreadyFollowed(LedgerError):
    """Another process follows sources into this ledger."""


class AccountError(WhipcountError):
    """An account or token that can't be made, found or used so."""


class RegistryError(WhipcountError):
    """A file of people and organizations is not what it should be."""


class CursorTooOld(WhipcountError):
    """Changes that are asked for are no longer kept."""


class WebhookError(WhipcountError):
    """A webhook can't be added, found or told."""


class ApiError(WhipcountError):
    """What a Whipcount server answers to the client instead of what was asked for."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class NotReached(ApiError):
    """The server gives no answer, or none that can be understood."""


class NeedsToken(ApiError):
    """A token is needed, or this one does not allow it."""


class NotThere(ApiError):
    """There is no such thing."""


class Conflict(ApiError):
    """Somebody else has decided meanwhile."""


class Expired(ApiError):
    """The cursor is older than what is kept: begin anew from the standings."""


class Invalid(ApiError):
    """The server can't make sense of what was asked."""


class Busy(ApiError):
    """Too many requests or streams; `retry_after` says in how many seconds to ask again."""


class BadSignature(ApiError):
    """A webhook's message is not signed by whom it should be, or too old."""


class SettingsError(WhipcountError):
    """An option has a value that makes no sense."""


class ContestError(WhipcountError):
    """A contest, a roster or a set of rules is not what it should be, or there is none of that name."""


class ReviewError(WhipcountError):
    """A decision that makes no sense: nothing is kept of it."""


class Decided(ReviewError):
    """Somebody else has decided on the same subject meanwhile."""
