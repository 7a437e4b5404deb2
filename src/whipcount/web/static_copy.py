"""The whole site as files, which any file server can serve and a browser can open from a disk.

The pages are those of the application itself: each is asked for as a reader would, and its links are turned
to the files beside it. What needs a server (forms, logging in, reviewing) is left out. Entry: `pages(app)`.
"""

import posixpath
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
from fastapi import FastAPI
from lxml import etree, html

from whipcount.errors import WhipcountError

_HOST = "static.invalid"
_NEEDS_A_SERVER = (
    "/review",
    "/login",
    "/logout",
    "/account",
    "/webhooks",
    "/api",
    "/method/complain",
    "/oidc",
)
_KEPT = ("contest", "endorsee", "page")
"""Questions whose answers are pages of their own; others, like the order of a table, are not followed."""
_AS_IT_IS = ("contest", "current")
"""Asks for what is shown without it."""
_NO_SCRIPT = "script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class File:
    """One file of the copy; `path` is relative and with slashes."""

    path: str
    content: bytes


async def pages(app: FastAPI, start: str = "/") -> AsyncIterator[File]:
    """All files, each once; raises `WhipcountError` where a page can't be made."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=f"http://{_HOST}") as client:
        waiting, known = deque([start]), {start}
        while waiting:
            address = waiting.popleft()
            answer = await client.get(address)
            if answer.status_code != httpx.codes.OK:
                raise WhipcountError(f"the page {address} can't be made: status {answer.status_code}")
            content = answer.content
            if answer.headers.get("content-type", "").startswith("text/html"):
                content, found = _turned(answer.text, address)
                for one in found:
                    if one not in known:
                        known.add(one)
                        waiting.append(one)
            yield File(file_of(address), content)


def file_of(address: str) -> str:
    """The file that an address of the site becomes."""
    parts = urlsplit(address)
    path = posixpath.normpath(f"/{parts.path}").strip("/")  # nothing leads out of the folder
    folder, name = posixpath.split(path)
    stem, suffix = posixpath.splitext(name)
    asked = "".join(f"-{key}-{_tame(value)}" for key, value in parse_qsl(parts.query))
    if suffix:
        return posixpath.join(folder, f"{stem}{asked}{suffix}")
    return posixpath.join(path, f"index{asked}.html")


def _tame(value: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "_.") else f"~{ord(c):x}" for c in value)


def _turned(text: str, address: str) -> tuple[bytes, list[str]]:
    """A page with its links turned to files, and the addresses that it leads to."""
    page = html.document_fromstring(text)
    found: dict[str, None] = {}
    here = posixpath.dirname(file_of(address))
    for element in [*page.iter("form", "script")]:
        element.drop_tree()
    for element, attribute, link, _ in [*page.iterlinks()]:
        target = _target(link, address)
        if target is None:
            continue
        if target.startswith(_NEEDS_A_SERVER):
            element.drop_tree()
            continue
        wanted, fragment = _kept(target)
        found[wanted] = None
        turned = posixpath.relpath(file_of(wanted), here or ".")
        if attribute is not None:
            element.set(attribute, turned + (f"#{fragment}" if fragment else ""))
    head = page.find("head")
    if head is not None:
        policy = etree.SubElement(head, "meta")
        policy.set("http-equiv", "Content-Security-Policy")
        policy.set("content", _NO_SCRIPT)
    return html.tostring(page, doctype="<!doctype html>", encoding="utf-8"), list(found)


def _target(link: str, address: str) -> str | None:
    """Where a link leads within the site; None for one that leads elsewhere or to a place on the page."""
    parts = urlsplit(link)
    if parts.scheme not in {"", "http", "https"} or parts.netloc not in {"", _HOST} or link.startswith("#"):
        return None
    path = parts.path or urlsplit(address).path
    query = f"?{parts.query}" if parts.query else ""
    return (
        posixpath.normpath(posixpath.join(urlsplit(address).path, path))
        + query
        + (f"#{parts.fragment}" if parts.fragment else "")
    )


def _kept(target: str) -> tuple[str, str]:
    """The address that is made for a link, and the place on its page."""
    parts = urlsplit(target)
    asked = sorted((k, v) for k, v in parse_qsl(parts.query) if k in _KEPT and v and (k, v) != _AS_IT_IS)
    return parts.path + (f"?{urlencode(asked)}" if asked else ""), parts.fragment
