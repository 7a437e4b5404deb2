"""The pages, a module each with its `router`."""

from whipcount.web.pages import (
    article,
    changes,
    count,
    deliveries,
    endorser,
    exports,
    feeds,
    holdouts,
    method,
    own_account,
    review,
    sources,
    story,
)

ROUTERS = (
    count.router, holdouts.router, changes.router, sources.router, endorser.router, article.router, story.router,
    review.router,
    method.router, feeds.router,
    own_account.router, deliveries.router, exports.router,
)  # fmt: skip
"""A line each, in the order of the navigation."""
