"""The interface for programs, under /api/v1. Each part is a module with a router of its own."""

from fastapi import APIRouter

from whipcount.web.api.about import about, health
from whipcount.web.api.changes import changes
from whipcount.web.api.counts import count
from whipcount.web.api.desk import desk
from whipcount.web.api.figures import figures
from whipcount.web.api.hooks import hooks
from whipcount.web.api.records import records

PREFIX = "/api/v1"

router = APIRouter(prefix=PREFIX)
for part in (count, records, changes, figures, desk, hooks, about):
    router.include_router(part)
open_router = APIRouter(prefix=PREFIX)
"""What is open also where reading is private."""
open_router.include_router(health)
