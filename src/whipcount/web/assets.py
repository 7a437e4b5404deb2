"""Our own stylesheet and scripts, under names that change with their content so that browsers may keep them."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, HTTPException, Response

FOLDER = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    url: str
    content: bytes
    kind: str


def _load() -> dict[str, Asset]:
    found = {}
    for path in sorted(FOLDER.iterdir()):
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:12]
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        found[path.name] = Asset(f"/static/{path.stem}.{digest}{path.suffix}", content, kind)
    return found


ASSETS = _load()
"""By file name."""
_BY_URL = {asset.url: asset for asset in ASSETS.values()}

router = APIRouter(include_in_schema=False)


def static(name: str) -> str:
    """The address of one of our files: `static("site.css")`."""
    return ASSETS[name].url


@router.get("/static/{name}")
def asset(name: str) -> Response:
    """One file; only the name with the present content's hash is there."""
    found = _BY_URL.get(f"/static/{name}")
    if found is None:
        raise HTTPException(404)
    return Response(found.content, media_type=found.kind, headers={"Cache-Control": _FOREVER})
