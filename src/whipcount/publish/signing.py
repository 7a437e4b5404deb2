"""How webhooks are signed: the Standard Webhooks scheme, with a secret for each that is stored nowhere.

A webhook's secret follows from its id and from one key that lies in a file of its own, so that neither the ledger
nor a copy of it tells any. Entries: `Key.load`, `Key.secret`, `signed`.
"""

import contextlib
import datetime as dt
import hashlib
import hmac
import os
import secrets
from base64 import b64encode
from pathlib import Path

from standardwebhooks import Webhook

from whipcount.errors import WebhookError
from whipcount.settings import Settings

_SIZE = 32


class Key:
    """What all secrets are made of."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "Key()"

    @classmethod
    def load(cls, path: Path, *, make: bool = False) -> "Key":
        """The key in a file; `make` one there, for its owner's eyes alone, where there is none."""
        try:
            if make:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with contextlib.suppress(FileExistsError):
                    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                    with os.fdopen(made, "w") as file:
                        file.write(secrets.token_hex(_SIZE))
            key = bytes.fromhex(path.read_text().strip())
        except FileNotFoundError:
            raise WebhookError(f"there is no key at {path}; `whipcount webhook add` makes one") from None
        except (OSError, ValueError) as error:
            raise WebhookError(f"can't use the key at {path}: {error}") from None
        if len(key) < _SIZE:
            raise WebhookError(f"the key at {path} is too short")
        return cls(key)

    def secret(self, webhook_id: str) -> str:
        """The secret of a webhook, as its receiver is given it."""
        return "whsec_" + b64encode(self._derived(f"webhook {webhook_id}")).decode()

    @property
    def check(self) -> str:
        """Tells two keys apart, and nothing of either."""
        return self._derived("check").hex()[:16]

    def _derived(self, purpose: str) -> bytes:
        return hmac.digest(self._key, b"whipcount " + purpose.encode(), hashlib.sha256)


def key_path(settings: Settings) -> Path:
    """Where the key lies."""
    try:
        return Path(settings.key_file).expanduser()
    except RuntimeError:  # nobody's home
        return Path(settings.key_file)


def signed(secret: str, message_id: str, at: dt.datetime, body: str) -> dict[str, str]:
    """The headers of a message."""
    moment = at.astimezone(dt.UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, moment, body),
    }
