"""The receiving end of webhooks: is a message genuine, and what does it say. Entry: `verify`."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from whipcount.api_models import ToldChange
from whipcount.errors import BadSignature


@dataclass(frozen=True, slots=True)
class Message:
    """What a webhook was told."""

    id: str
    """The same when it is sent again: keep it, and do nothing twice."""
    type: str
    at: dt.datetime
    change: ToldChange


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> Message:
    """The message that a request brought; raises `BadSignature` for one that is not signed with the secret.

    `body` is the request's as it came, to the byte. A message older than five minutes is refused.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        Webhook(secret).verify(body, given, json_parse=False)
        said: Any = json.loads(body)
        return Message(
            given["webhook-id"],
            said["type"],
            dt.datetime.fromisoformat(said["timestamp"]),
            ToldChange.model_validate(said["data"]),
        )
    except WebhookVerificationError as error:
        raise BadSignature(f"this is no message for us: {error}") from None
    except (ValueError, TypeError, KeyError, ValidationError) as error:
        raise BadSignature(f"this is no message that can be understood: {error}") from None
