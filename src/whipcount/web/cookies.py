"""Cookies that no script can read, that no other site can send along with a form, and over HTTPS no other host set."""

from fastapi import Request, Response


def https(request: Request) -> bool:
    """Whether readers reach the site by HTTPS."""
    public: str = request.app.state.options.public_url
    return public.startswith("https:") or request.url.scheme == "https"


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if https(request) else name


def cookie(request: Request, name: str) -> str:
    """What the browser has in a cookie; "" where it has none."""
    return request.cookies.get(_name(request, name), "")


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    """Give the browser a cookie, for so long or until it is closed."""
    response.set_cookie(
        _name(request, name), value, max_age=seconds, httponly=True, samesite="lax", secure=https(request)
    )


def drop_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie from the browser."""
    response.delete_cookie(_name(request, name), httponly=True, samesite="lax", secure=https(request))
