"""What can be set about the site."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How a site is served; the defaults suit one desk on one machine."""

    private: bool = False
    """Whether reading needs an account as well."""
    public_url: str = ""
    """The address under which readers know the site, without a slash at its end; empty: as they asked for it."""
    review_below: float = 0.5
    """A standing with a confidence under this is marked for review."""
    rate: int = 600
    """Requests a minute that one client may make; 0: any number."""
    session_days: float = 14.0
    """How long somebody stays logged in."""
    oidc_issuer: str = ""
    """The OpenID provider by which people may log in; empty: none."""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
