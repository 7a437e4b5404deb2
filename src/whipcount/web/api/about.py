"""How much there is, and whether all runs."""

from whipcount import __version__
from whipcount import api_models as models
from whipcount.ledger.hooks import Webhooks
from whipcount.web.api.answers import router
from whipcount.web.api.changes import LiveDep, StreamDep, mark
from whipcount.web.deps import LedgerDep

about = router("About")
health = router("About")
"""Open to whoever watches over the service, also where reading is private."""


@about.get("/totals", summary="How much the ledger holds")
def totals(ledger: LedgerDep, stream: StreamDep) -> models.Totals:
    """And where its changes stand: take `latest`, then the standings, then follow from `latest`."""
    oldest, latest = stream.bounds()
    found = ledger.totals()
    return models.Totals(
        articles=found.articles,
        evidence=found.evidence,
        identities=found.identities,
        oldest=mark(oldest),
        latest=mark(latest),
        behind=stream.behind(),
    )


@health.get("/health", summary="Whether all runs")
def healthy(ledger: LedgerDep, stream: StreamDep, live: LiveDep) -> models.Health:
    """Answers as long as the ledger does."""
    return models.Health(
        status="ok",
        version=__version__,
        behind=stream.behind(),
        streams=live.streams,
        deliveries_due=Webhooks(ledger.engine).due(),
    )
