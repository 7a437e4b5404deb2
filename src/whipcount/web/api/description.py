"""The API's description (OpenAPI): errors as problem details, and what needs a token."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from whipcount.web.api.answers import Problem

_ABOUT = """The sourced count of who backs whom. Every claim leads to its evidence: article, sentence, offsets.

Reading is public unless the site says otherwise. `as_of` gives the count as of a day, `as_known_on` as the ledger
knew it. Listings give `next`, the `cursor` of what comes after. Answers bear a strong `ETag`.
To keep a copy: take `latest` of /totals, read /standings, then follow /changes after `latest`."""
EXAMPLES = Path(__file__).parent / "examples.json"
"""By operation, what an invented desk answers; `python -m scripts.api_examples` writes it."""
_NEEDS_TOKEN = ("/review/", "/webhooks")


def install(app: FastAPI) -> None:
    """Let the app describe itself so."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _described(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=_ABOUT, routes=app.routes)
    components = found.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema()
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of `whipcount user token add`; reviewing needs the scope `review`, webhooks `admin`.",
        }
    }
    examples = json.loads(EXAMPLES.read_text("utf-8"))
    for path, operations in found["paths"].items():
        needs = any(part in path for part in _NEEDS_TOKEN)
        for method, operation in operations.items():
            operation["security"] = [{"token": []}] if needs else [{}, {"token": []}]
            example = examples.get(f"{method} {path.removeprefix('/api/v1')}")
            if example is not None:
                right = next(answer for status, answer in operation["responses"].items() if status < "3")
                right["content"]["application/json"]["example"] = example
    return found
