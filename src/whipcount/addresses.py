"""Addresses of pages: what to ask for, and what two addresses of one page have in common. Pure.

`courlan` says which part of a host was registered. Its cleaning of queries is not used: it drops
whatever begins like a tracking parameter (`?gallery=`, `?reference=`, `?cid=`, `?4711`), and with it what tells
one page from another.
"""

import re
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import parse_qsl, urljoin

import httpx
from courlan import extract_domain

from whipcount.errors import FetchError

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+", re.IGNORECASE)
_BREAKS = re.compile(r"[\t\r\n]")

_TRACKING_PREFIXES = (
    "utm_",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "oly_",
    "vero_",
    "itm_",
    "guce_",
    "_hs",
)
_TRACKING = frozenset(
    # Of advertisers and networks
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id s_kwcid ef_id"
    " mc_cid mc_eid mkt_tok _ga _gl _ke __twitter_impression ref_src ref_url soc_src soc_trk spm"
    # Of outlets and their newsletters
    " cmp cmpid ncid ocid icid ito intcmp int_cmp smid smtyp s_cid sc_cid sref srnd xtor wpisrc wpmm tsrc taid ftag"
    " at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_link_id at_link_origin at_link_type"
    " at_format at_ptr_name ns_mchannel ns_source ns_campaign ns_linkname ns_fee emci emdi guccounter"
    # Of the viewers that show AMP pages
    " amp_js_v amp_gsa amp_r usqp aoh".split()
)
_AMP_PARAMETERS = {"amp": ("", "1", "true", "yes"), "outputtype": ("amp",), "isamp": ("1", "true")}
_AMP_ENDINGS = re.compile(r"(?<=[^/])(?:/amp|\.amp)(?=/?$|\.html?$)")
_AMP_FOLDER = re.compile(r"^/amp(?=/[^/])")
_AMP_CACHE = re.compile(r"^/(?:[acivr]|[vr]/[civ])/(s/)?(?=[^/]+\.)")
_AMP_VIEWER = re.compile(r"^/amp/(s/)?(?=[^/]+\.)")
_VARIANT_LABELS = ("m", "mobile", "amp", "touch")


def is_address(path: str) -> bool:
    """Whether an item is the address of something (`https://…`, `ftp://…`) and no file's path."""
    return _ADDRESS.match(path) is not None


def askable(url: str) -> str:
    """The address to ask a server for: in one spelling, without its fragment, a name or a password.

    Raises `FetchError` for what is no address, and for any but http and https.
    """
    parsed = _parsed(url)
    if parsed is None:
        if is_address(url.strip()) and not url.strip().lower().startswith(("http://", "https://")):
            raise FetchError("only http and https addresses are fetched")
        raise FetchError("no address that can be fetched")
    return str(parsed)


def joined(base: str, link: str) -> str:
    """The address that a link on the page `base` leads to; raises `FetchError` like `askable`."""
    try:
        return askable(urljoin(base, _BREAKS.sub("", link.strip())))
    except ValueError:
        raise FetchError("no address that can be fetched") from None


def tidy(url: str) -> str:
    """The address without what only tells who followed it: fragment, tracking parameters, AMP caches.

    It leads to the same page. What is no http or https address comes back as it is.
    """
    parsed = _parsed(url)
    return url.strip() if parsed is None else str(_tidy(parsed))


def normal(url: str) -> str:
    """What all addresses of one page have in common, as far as an address alone shows it.

    Beside `tidy`, AMP and mobile variants become the address of the page they are variants of.
    That is a guess, good to compare with; where the page names its own address, see `own`.
    """
    parsed = _parsed(url)
    if parsed is None:
        return url.strip()
    before = None
    while parsed != before:  # "/amp/story/amp" is one page with "/story"
        before = parsed
        parsed = _desktop(_without_amp(_tidy(parsed)))
    return str(parsed)


def own(found: str | None, canonical: str | None) -> str | None:
    """The address of a page that was found at one address and names one as its own.

    The page decides, as long as it speaks of its own site and names a page of it: another site's
    address is that of the report which it copies, and many sites by mistake name their home page.
    """
    if found is None:
        return None if canonical is None else tidy(canonical)
    here, there = _parsed(found), _parsed(canonical or "")
    if here is None:
        return found
    here = _tidy(here)
    if there is None or site(there.host) != site(here.host) or (there.path == "/" and not there.query):
        return str(here)
    return str(_tidy(there))


def site(host: str) -> str:
    """The part of a host name that somebody registered: `courier.co.uk` of `www.courier.co.uk`."""
    try:
        return str(ip_address(host.strip("[]")))
    except ValueError:
        return extract_domain(f"https://{host}/") or ".".join(host.split(".")[-2:])


def host_of(url: str) -> str:
    """Host and, where it is not the usual one, port: whose patience an address costs. Empty for what is no address."""
    parsed = _parsed(url)
    return "" if parsed is None else parsed.netloc.decode("ascii")


def _parsed(url: str) -> httpx.URL | None:
    """The address as the client will send it; None where it would send nothing."""
    try:
        parsed = httpx.URL(_BREAKS.sub("", url.strip()))
        host = parsed.host.rstrip(".")
        if parsed.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
            return None
        return parsed.copy_with(host=host, username="", password="", fragment=None)
    except (httpx.InvalidURL, ValueError, UnicodeError):
        return None


def _tidy(url: httpx.URL) -> httpx.URL:
    path = url.raw_path.decode("ascii").partition("?")[0]
    if url.host.endswith(".cdn.ampproject.org"):
        inner = _AMP_CACHE.match(path)
    else:
        inner = _AMP_VIEWER.match(path) if site(url.host).startswith("google.") else None
    if inner:
        # https://www-site-example.cdn.ampproject.org/c/s/www.site.example/story
        rest = url.raw_path.decode("ascii")[inner.end() :]
        unwrapped = _parsed(f"{'https' if inner[1] else 'http'}://{rest}")
        if unwrapped is not None:
            return _tidy(unwrapped)
    return _with_query(url, lambda name, _: name in _TRACKING or name.startswith(_TRACKING_PREFIXES))


def _with_query(url: httpx.URL, drop: Callable[[str, str], bool]) -> httpx.URL:
    """The address without the parameters that `drop` names; the others stay to the letter."""
    query = url.query.decode("ascii")
    kept = [part for part in query.split("&") if part and not drop(*_parameter(part))]
    if len(kept) == query.count("&") + 1:
        return url
    return url.copy_with(query="&".join(kept).encode("ascii") or None)


def _parameter(part: str) -> tuple[str, str]:
    [(name, value)] = parse_qsl(part, keep_blank_values=True, max_num_fields=1) or [(part, "")]
    return name.lower(), value.lower()


def _without_amp(url: httpx.URL) -> httpx.URL:
    url = _with_query(url, lambda name, value: value in _AMP_PARAMETERS.get(name, ()))
    path, mark, query = url.raw_path.decode("ascii").partition("?")
    short = _AMP_FOLDER.sub("", _AMP_ENDINGS.sub("", path)) or "/"
    return url if short == path else url.copy_with(raw_path=f"{short}{mark}{query}".encode("ascii"))


def _desktop(url: httpx.URL) -> httpx.URL:
    label, _, rest = url.host.partition(".")
    if label not in _VARIANT_LABELS or "." not in rest or site(url.host) == url.host:
        return url
    return url.copy_with(host=f"www.{rest}" if site(rest) == rest else rest)
