"""Every guard in its place before the application, from the outside in."""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from assistant.config import Config
from assistant.guard.headers import SecurityHeaders
from assistant.guard.limits import RequestLimits
from assistant.guard.origin import Origins, own_hosts
from assistant.guard.rate import RateLimits
from assistant.guard.watch import Watch
from assistant.guard.words import refusal


def add_guards(app: FastAPI, config: Config) -> None:
    """Puts them before all that was added to the application; what it refuses itself is said in our words too."""
    app.add_exception_handler(HTTPException, _tell)
    app.add_exception_handler(RequestValidationError, _tell)
    app.add_middleware(RequestLimits)  # each one goes before those that were added earlier
    app.add_middleware(RateLimits, per_minute=config.rate)
    app.add_middleware(Origins, hosts=own_hosts(config.hosts, config.host))
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Watch)


async def _tell(request: Request, problem: Exception) -> Response:
    return refusal(request.scope, problem.status_code if isinstance(problem, HTTPException) else 422)
