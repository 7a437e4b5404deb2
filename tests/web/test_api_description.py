"""The API does what its description says: schemathesis asks it all that the description allows, and what it does not."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.schemas import BaseSchema as OpenApiSchema

from making import COURIER, HERALD, Claim, july, reading
from scripts.openapi import PATH, description
from whipcount.article import Sourcing, Stand
from whipcount.ledger import Ledger
from whipcount.publish.signing import Key
from whipcount.recorder import Recorder
from whipcount.web.accounts import Accounts
from whipcount.web.app import create_app
from whipcount.web.options import WebOptions
from whipcount.web.viewer import Role

# What has the form of an id or a cursor need not be one.
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 410, 422]}}
}


def test_the_description_in_the_docs_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == description(), "run `python -m scripts.openapi`"


def test_every_operation_is_described() -> None:
    with Ledger.open("sqlite://") as ledger:
        found = create_app(ledger).openapi()
    for path, operations in found["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert operation["description"], path
            for status, answer in operation["responses"].items():
                if status >= "4":
                    assert list(answer["content"]) == ["application/problem+json"], (path, method, status)
    assert "examples" in found["components"]["schemas"]["Problem"]


def test_every_answer_has_an_example_that_is_one() -> None:
    found = json.loads(PATH.read_text(encoding="utf-8"))
    checked = 0
    for path, operations in found["paths"].items():
        if "get" in operations and not path.endswith("/stream"):
            body = operations["get"]["responses"]["200"]["content"]["application/json"]
            schema = {**body["schema"], "components": found["components"]}
            jsonschema_rs.Draft202012Validator(schema).validate(body["example"])
            assert body["example"].get("items") != [] or path.endswith(("/sources", "/calibration")), path
            checked += 1
    assert checked > 25


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[OpenApiSchema, dict[str, str]]]:
    with Ledger.open(str(tmp_path_factory.mktemp("api") / "ledger.db")) as ledger:
        for number, stand in enumerate(Stand):
            ledger.add(
                reading(
                    Claim("Ada Brook", stand, sourcing=list(Sourcing)[number], asks=("a ferry",)),
                    Claim(f"Bo Quill {number}", stand),
                    published=july(number + 1),
                    id=f"n{number}",
                    lead=f"Day {number}.",
                    outlet=(COURIER, HERALD)[number % 2],
                    url=f"https://courier.example/{number // 2}",
                )
            )
        Recorder(ledger.engine).catch_up()
        accounts = Accounts(ledger.engine)
        accounts.add("Ines", Role.ADMIN, password="long enough for all")
        secret, _ = accounts.add_token("Ines", "test", ["admin"])
        app = create_app(ledger, WebOptions(rate=0, key=Key(b"k" * 32)))
        # The token goes with every request, also where the tool would leave it out.
        app.openapi_schema = app.openapi()
        for operations in app.openapi_schema["paths"].values():
            for operation in operations.values():
                del operation["security"]
        config = schemathesis.Config.from_dict(CONFIG)
        schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, config=config)
        yield schema, {"Authorization": f"Bearer {secret}"}


load_all_checks()
OPERATIONS = [
    (path, method, mode)
    for path, operations in json.loads(PATH.read_text(encoding="utf-8"))["paths"].items()
    for method, operation in operations.items()
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE or operation.keys() & {"parameters", "requestBody"}
    if path != "/api/v1/changes/stream"  # it has no end
]


@pytest.mark.parametrize(("path", "method", "mode"), OPERATIONS)
def test_it_does_what_it_says(
    api: tuple[OpenApiSchema, dict[str, str]], path: str, method: str, mode: GenerationMode
) -> None:
    schema, token = api

    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def asked(case: schemathesis.Case[Any]) -> None:
        if isinstance(case.query, dict) and isinstance(case.query.get("wait"), int | float):
            case.query["wait"] = min(case.query["wait"], 0)
        case.call_and_validate(headers=token)

    asked()
