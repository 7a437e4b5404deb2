"""The pages, a module each with its `router`."""

from whipcount.web.pages import method, review

ROUTERS = (
    review.router,
    method.router,
)  # fmt: skip
"""A line each, in the order of the navigation."""
