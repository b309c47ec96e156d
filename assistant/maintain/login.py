"""Logging in and out: the form, the lock-out and the cookie."""

import logging

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from assistant.maintain.access import COOKIE, Access, cookie_of
from assistant.maintain.form import has_token, read_form
from assistant.maintain.frame import HOME, LOGIN, LOGOUT, redirect, render
from assistant.maintain.password import fits
from assistant.maintain.session import new_token

_MAX_BODY = 8_192
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_WRONG = "Passordet er feil."
_EXPIRED = "Siden hadde stått åpen for lenge. Skriv passordet en gang til."
_log = logging.getLogger(__name__)


def add_login(router: APIRouter, access: Access) -> None:
    """Adds the form, what it sends to, and the way out."""
    one_at_a_time = CapacityLimiter(1)  # a guess takes 64 MiB: many at once must not take the machine's memory

    @router.get(LOGIN)
    async def show(request: Request) -> Response:
        if access.visitor(request):
            return redirect(request, HOME)
        return _form(request, access)

    @router.post(LOGIN)
    async def log_in(request: Request) -> Response:
        fields, password = await read_form(request, _MAX_BODY), access.password
        if password is None:
            return _form(request, access, status=403)
        if not has_token(request, fields, access.sessions.form_token("cookie", cookie_of(request))):
            return _form(request, access, _EXPIRED, 403)
        address = request.client.host if request.client else ""
        if wait_s := access.lockout.wait_s(address):
            return _wait(request, access, wait_s)
        failures = access.lockout.begin(address)
        if not await to_thread.run_sync(fits, fields.get("passord", ""), password, limiter=one_at_a_time):
            _log.warning("Feil passord på vedlikeholdssiden, forsøk %d på rad fra samme adresse.", failures)
            return _form(request, access, _WRONG, 403)
        access.lockout.succeed(address)
        response = redirect(request, HOME)
        _set_cookie(request, response, access.sessions.open())  # a new one: nobody can have put it there before
        return response

    @router.post(LOGOUT)
    async def log_out(request: Request) -> Response:
        fields, visitor = await read_form(request, _MAX_BODY), access.visitor(request)
        if visitor and visitor.session and has_token(request, fields, visitor.form_token):
            access.sessions.close(visitor.session)
        return redirect(request, LOGIN)


def to_login(request: Request) -> Response:
    """The way to the form, for whoever is not let in."""
    return redirect(request, LOGIN)


def _form(request: Request, access: Access, fault: str = "", status: int = 200) -> Response:
    """The form with a token for whoever has the cookie, which they get now if they had none."""
    known = cookie_of(request)
    token = known or new_token()
    is_open = request.url.scheme == "https" or request.url.hostname in _LOOPBACK
    response = render(
        request, "login.html", status if access.password else 403, fault=fault, is_private=is_open,
        has_password=access.password is not None, form_token=access.sessions.form_token("cookie", token),
    )  # fmt: skip
    if not known:
        _set_cookie(request, response, token)
    return response


def _wait(request: Request, access: Access, wait_s: int) -> Response:
    minutes, seconds = divmod(wait_s, 60)
    told = f"{minutes + bool(seconds)} minutter" if minutes else f"{seconds} sekunder"
    response = _form(request, access, f"For mange feil passord. Vent {told}, og prøv igjen.", 429)
    response.headers["Retry-After"] = str(wait_s)
    return response


def _set_cookie(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        COOKIE, token, path=HOME, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
