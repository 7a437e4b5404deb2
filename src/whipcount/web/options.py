"""What can be set about the site."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How a site is served; the defaults suit one desk on one machine."""

    private: bool = False
    """Whether reading needs an account as well."""
    public_url: str = ""
    """The address under which readers know the site, without a slash at its end; empty: as they asked for it."""
    review_below: float = 0.5
    """A standing with a confidence under this is marked for review."""
