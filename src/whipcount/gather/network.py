"""Which addresses may be reached, and connections to those alone.

The host's name is looked up once for each connection, every answer is checked, and the connection goes to
the address that was checked: a name that changes its answer between two look-ups gains nothing.
However an address is written (`0x7f.1`, `2130706433`, `127.0.0.1.`), what is checked is what
it comes to.
"""

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from ssl import SSLContext
from typing import Any

import httpcore

from whipcount.errors import PrivateAddress, Unreachable

Resolve = Callable[[str, int], Sequence[str]]
"""From a host's name and a port to its IP addresses; raises OSError where there are none."""

DEADLINE: ContextVar[float] = ContextVar("deadline", default=float("inf"))
"""When the exchange that runs in this thread must be over, on the monotonic clock."""

# The special-purpose registries of IANA (RFC 6890 and after). `ipaddress` has them too, but as of
# Python 3.11.7 it takes site-local addresses, 192.0.0.192 and the embedded forms for global ones.
_CLOSED = tuple(
    map(
        ip_network,
        # This network, private, shared, loopback, link-local with the clouds' metadata, protocol
        # assignments, documentation, 6to4 relays, benchmarks, multicast, reserved and broadcast.
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
        " 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15"
        " 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
        # A cloud's metadata at an address that looks public.
        " 168.63.129.16/32".split(),
    )
)
_OPEN6 = ip_network("2000::/3")
"""All that is given out of IPv6: what lies outside is local, multicast or reserved."""
_CLOSED6 = tuple(map(ip_network, "2001::/23 2001:db8::/32 2620:4f:8000::/48 3fff::/20".split()))
_NAT64 = ip_network("64:ff9b::/96")
_MOST_ADDRESSES = 4
"""How many of a host's addresses are tried."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public Internet; of IPv4 within IPv6, what is within."""
    if isinstance(address, IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if within is None and address in _NAT64:
            within = IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return is_public(within)
        return address in _OPEN6 and not any(address in net for net in _CLOSED6)
    return not any(address in net for net in _CLOSED)


def look_up(host: str, port: int) -> Sequence[str]:
    """The host's addresses, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Network(httpcore.NetworkBackend):
    """Connections to public addresses, over before the deadline."""

    def __init__(
        self,
        *,
        resolve: Resolve = look_up,
        allow_private: bool = False,
        reachable: frozenset[tuple[str, int]] = frozenset(),
    ) -> None:
        self._resolve = resolve
        self._allow_private = allow_private
        self._reachable = reachable
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that takes one.

        Raises `PrivateAddress` where the host has none that may be reached, `Unreachable` where
        it has none at all.
        """
        until = min(time.monotonic() + (timeout or 10.0), DEADLINE.get())
        addresses = self._checked(host, port, _answer(self._resolve, host, port, until))[:_MOST_ADDRESSES]
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                stream = self._sockets.connect_tcp(
                    address,
                    port,
                    max(0.05, (until - time.monotonic()) / left),
                    local_address,
                    socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
            else:
                return _Stream(stream)
        raise AssertionError("a host without an address was let through")

    def _checked(self, host: str, port: int, answers: Sequence[str]) -> list[str]:
        allowed = []
        for answer in answers:
            address = ip_address(answer.partition("%")[0])
            if self._allow_private or is_public(address) or (str(address), port) in self._reachable:
                allowed.append(answer)
        if not allowed:
            shown = ", ".join(answers[:2])
            of = "" if shown == host.strip("[]") else f" ({shown})"
            raise PrivateAddress(f"{host}{of} is not a public address; see --allow-private")
        return allowed


def _answer(resolve: Resolve, host: str, port: int, until: float) -> Sequence[str]:
    """The resolver's answer, waited for no longer than that: the system's may take minutes."""
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="look-up").start()
    try:
        answer = answers.get(timeout=max(0.05, until - time.monotonic()))
    except queue.Empty:
        raise Unreachable(f"looking up {host} takes too long", again=True) from None
    if isinstance(answer, Exception):
        # EAI_AGAIN: the look-up itself failed, which says nothing of the host.
        again = isinstance(answer, socket.gaierror) and answer.errno == socket.EAI_AGAIN
        raise Unreachable(f"{host} can't be found", again=again) from answer
    if not answer:
        raise Unreachable(f"{host} can't be found")
    return answer


class _Stream(httpcore.NetworkStream):
    """A connection whose every step ends by the deadline, however little at a time the other side sends."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Some bytes, as they come."""
        return self._stream.read(max_bytes, _left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All the bytes."""
        self._stream.write(buffer, _left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """The same connection under TLS: the certificate is checked against the host's name."""
        left = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        """What the connection underneath knows of itself."""
        return self._stream.get_extra_info(info)


def _left(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    left = DEADLINE.get() - time.monotonic()
    if left <= 0:
        raise error("the time is up")
    if timeout is None:
        return None if left == float("inf") else left
    return min(timeout, left)
