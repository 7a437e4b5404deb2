"""Writes docs/openapi.json, the API's description: python -m scripts.openapi."""

import json
from pathlib import Path

from whipcount.ledger import Ledger
from whipcount.web.app import create_app

PATH = Path(__file__).parent.parent / "docs" / "openapi.json"


def description() -> str:
    """The API's description as the file holds it."""
    with Ledger.open("sqlite://") as ledger:
        return json.dumps(create_app(ledger).openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(description(), encoding="utf-8")
