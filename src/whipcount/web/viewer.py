"""Who asks, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What an account may do; each may do what those before it may."""

    READER = "reader"
    REVIEWER = "reviewer"
    ADMIN = "admin"

    def covers(self, other: "Role") -> bool:
        """Whether this one may do all that the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: somebody with an account, by a session or a token, or anybody."""

    name: str | None = None
    """The account's name; None for anybody."""
    role: Role | None = None
    session: str | None = None
    """The secret of the browser's session; None for tokens and for anybody."""

    def may(self, role: Role) -> bool:
        """Whether they may do what needs the role."""
        return self.role is not None and self.role.covers(role)


ANYBODY = Viewer()
