"""The site as one application. Entry: `create_app`."""

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from whipcount import __version__
from whipcount.ledger import Ledger
from whipcount.web import api, assets, oidc, problems
from whipcount.web.accounts import Accounts
from whipcount.web.api import description
from whipcount.web.api.outside import Outside
from whipcount.web.deps import readable
from whipcount.web.forms import own_forms_only
from whipcount.web.live import Live
from whipcount.web.options import WebOptions
from whipcount.web.pages import ROUTERS, account
from whipcount.web.ready import Ready
from whipcount.web.review_queue import Waiting
from whipcount.web.security import guard

__all__ = ["WebOptions", "create_app"]


def create_app(ledger: Ledger, options: WebOptions = WebOptions()) -> FastAPI:  # noqa: B008 - frozen
    """The site on a ledger. Routes are plain functions and run in threads, as the ledger waits for its store."""
    live = Live(ledger, options)
    app = FastAPI(
        title="Whipcount",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        # Their pages load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        lifespan=live.running,
    )
    app.state.live = live
    app.state.ledger = ledger
    app.state.options = options
    app.state.waiting = Waiting(ledger)
    app.state.accounts = Accounts(ledger.engine)
    # Level 9 takes twice as long for a hundredth less.
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=6)
    app.add_middleware(Ready, seconds=options.ready)
    oidc.install(app, options)
    app.add_middleware(Outside, site=app, options=options)
    guard(app, options)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, dependencies=[Depends(readable), Depends(own_forms_only)])
    app.include_router(account.router, dependencies=[Depends(own_forms_only)])
    app.include_router(api.router, dependencies=[Depends(readable)])
    app.include_router(api.open_router)
    description.install(app)
    app.include_router(assets.router)
    return app
