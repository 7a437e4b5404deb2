"""An outlet for those who ask for one."""

from collections.abc import Iterator

import pytest

from gather.outlet import Outlet, running


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with running() as outlet:
        yield outlet
