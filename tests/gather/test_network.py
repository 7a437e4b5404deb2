"""Which addresses can be reached: by any spelling, any answer of the name's servers, and TLS by the name."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gather.outlet import Outlet, fetcher, page, running
from whipcount.errors import FetchError, PrivateAddress, Unreachable
from whipcount.gather.fetch import Fetcher, FetchSettings
from whipcount.gather.network import is_public


@pytest.mark.parametrize(
    "address",
    """0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255
    240.0.0.1 255.255.255.255 168.63.129.16
    :: ::1 fe80::1 fc00::1 fd00:ec2::254 fec0::1 ff02::1 2001:db8::1 2001:0:7f00:1::1 100::1 3fff::1 5f00::1
    ::ffff:127.0.0.1 ::ffff:169.254.169.254 ::127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b:1::1
    2002:7f00:1:: 2002:a00:1::""".split(),
)
def test_closed(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    "1.1.1.1 172.32.0.1 172.15.0.1 192.0.1.1 2606:4700::1 ::ffff:1.1.1.1 64:ff9b::1.1.1.1 2002:101:101::".split(),
)
def test_open(address: str) -> None:
    assert is_public(ip_address(address))


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_no_way_round_by_ipv6(address: IPv4Address) -> None:
    number = int(address)
    expected = is_public(address)
    for prefix in (0xFFFF << 32, 0x64FF9B << 96):
        assert is_public(ip_address(_six(prefix, number))) == expected
    assert is_public(ip_address(_six(0x2002 << 112, number << 80))) == expected


def _six(prefix: int, rest: int) -> bytes:
    return (prefix | rest).to_bytes(16, "big")


@pytest.mark.parametrize(
    "host",
    """127.0.0.1 127.0.0.1. 127.1 0x7f.1 0x7f000001 2130706433 0177.0.0.1 localhost localhost. LOCALHOST 0 0.0.0.0 [::1]
    [::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] 169.254.169.254 [fe80::1] 10.0.0.1 192.168.0.1
    [0:0:0:0:0:0:0:1] １２７.0.0.1""".split(),
)
def test_no_spelling_leads_inside(host: str) -> None:
    with running() as outlet:
        outlet.says("/ferry", page())
        settings = FetchSettings(delay=0, first_wait=0.01, seconds=5)
        with Fetcher(settings) as web, pytest.raises((PrivateAddress, Unreachable, FetchError)) as caught:
            web.fetch(f"http://{host}:{outlet.port}/ferry")
        assert outlet.asked == []
        # The ones that the system understands are told what they are.
        if not isinstance(caught.value, PrivateAddress):
            assert host in {"１２７.0.0.1", "0177.0.0.1", "0x7f.1", "0x7f000001", "0"}, caught.value


@pytest.fixture
def outlet() -> Iterator[Outlet]:
    with running() as outlet:
        outlet.says("/ferry", page())
        yield outlet


def test_a_redirect_inside(outlet: Outlet) -> None:
    with running() as inside:
        inside.says("/secret", page())
        for target in (
            f"http://127.0.0.1:{inside.port}/secret",
            f"http://router.example:{inside.port}/secret",
        ):
            outlet.says("/ferry", "", 302, location=target)
            with fetcher(outlet) as web, pytest.raises(PrivateAddress):
                web.fetch(outlet.url("/ferry"))
        assert inside.asked == []


def test_a_robots_txt_that_leads_inside(outlet: Outlet) -> None:
    with running() as inside:
        outlet.says("/robots.txt", "", 302, location=f"http://127.0.0.1:{inside.port}/secret")
        with fetcher(outlet) as web, pytest.raises(PrivateAddress):
            web.fetch(outlet.url("/ferry"))
        assert inside.asked == []


def test_a_name_that_changes_its_answer(outlet: Outlet) -> None:
    """What is connected to is the answer that was checked: the name is looked up once a connection."""
    answers: list[str] = []

    def change(_host: str, _port: int) -> list[str]:
        answers.append("127.0.0.1" if not answers else "127.0.0.2")
        return answers[-1:]

    with running("127.0.0.2", outlet.port) as inside:
        # The connection that is open is used again; without one the name is looked up anew, and checked.
        with fetcher(outlet, resolve=change) as web:
            assert web.fetch(outlet.url("/ferry")).status == 200
            assert answers == ["127.0.0.1"]
        with fetcher(outlet, resolve=change) as web, pytest.raises(PrivateAddress, match=r"127\.0\.0\.2"):
            web.fetch(outlet.url("/ferry"))
        assert inside.asked == []


def test_of_several_answers_only_what_may_be_reached(outlet: Outlet) -> None:
    with running("127.0.0.2", outlet.port) as inside:
        with fetcher(outlet, resolve=lambda *_: ["127.0.0.2", "::1", "127.0.0.1"]) as web:
            assert web.fetch(outlet.url("/ferry")).status == 200
        assert inside.asked == []


def test_the_next_address_where_one_takes_no_connection(outlet: Outlet) -> None:
    reachable = frozenset({("127.0.0.3", outlet.port), ("127.0.0.1", outlet.port)})
    with fetcher(outlet, resolve=lambda *_: ["127.0.0.3", "127.0.0.1"], reachable=reachable) as web:
        assert web.fetch(outlet.url("/ferry")).status == 200


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for courier.example that its maker vouches for."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "courier.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=courier.example".split()
    extension = ["-addext", "subjectAltName=DNS:courier.example"]
    subprocess.run(
        [openssl, *command, *extension, "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[int]:
    """The port of a server that speaks HTTP/2 over TLS, one connection at a time."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    context.set_alpn_protocols(["h2"])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        thread = threading.Thread(target=_serve, args=(listening, context), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listening: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            plain, _ = listening.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(plain, server_side=True) as stream:
                stream.settimeout(10)
                _speak(stream)
        except OSError:
            plain.close()


def _speak(stream: ssl.SSLSocket) -> None:
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    stream.sendall(connection.data_to_send())
    while data := stream.recv(65536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                path = dict(event.headers)[b":path"]
                found = path == b"/ferry"
                status = [(":status", "200" if found else "404"), ("content-type", "text/html")]
                connection.send_headers(event.stream_id, status)
                connection.send_data(event.stream_id, page().encode() if found else b"", end_stream=True)
        stream.sendall(connection.data_to_send())


def test_http2_and_the_name_in_the_certificate(secure: int, certificate: Path) -> None:
    believed = ssl.create_default_context(cafile=certificate.with_suffix(".crt"))
    outlet = Outlet("127.0.0.1", secure)
    with fetcher(outlet, tls=believed) as web:
        assert web.fetch(f"https://courier.example:{secure}/ferry").body == page().encode()
    with (
        fetcher(outlet, tls=believed) as web,
        pytest.raises(Unreachable, match=r"certificate is not good.*herald"),
    ):
        web.fetch(f"https://herald.example:{secure}/ferry")
    with fetcher(outlet) as web, pytest.raises(Unreachable, match="certificate is not good"):
        web.fetch(f"https://courier.example:{secure}/ferry")
