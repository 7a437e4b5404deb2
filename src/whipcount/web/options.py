"""What can be set about the site."""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from whipcount.publish.signing import Key
from whipcount.publish.webhooks import Delivering


@dataclass(frozen=True, slots=True)
class WebOptions:
    """How a site is served; the defaults suit one desk on one machine."""

    private: bool = False
    """Whether reading needs an account as well."""
    public_url: str = ""
    """The address under which readers know the site, without a slash at its end; empty: as they asked for it."""
    review_below: float = 0.5
    """A standing with a confidence under this is marked for review."""
    rosters: str = "rosters"
    """The folder of rosters that a count can be asked for."""
    rate: int = 600
    """Requests a minute that one client may make; 0: any number."""
    ready: float = 0.0
    """Seconds for which a page is given again to readers who have not logged in; 0: each is made anew."""
    session_days: float = 14.0
    """How long somebody stays logged in."""
    oidc_issuer: str = ""
    """The OpenID provider by which people may log in; empty: none."""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    changes_kept: dt.timedelta | None = None
    """How far back the stream of changes reaches; None: to its beginning."""
    record_every: float = 1.0
    """Seconds between two looks for what was added."""
    most_streams: int = 200
    """Streams of changes that may be open at once."""
    key: Key | None = None
    """What the secrets of webhooks are made of; None: no webhook is told of anything."""
    delivering: Delivering = field(default_factory=Delivering)
    """How webhooks are told."""

    @property
    def rosters_folder(self) -> Path:
        """Where rosters are looked for."""
        return Path(self.rosters).expanduser()
