"""`/vedlikehold`: the maintainers' page and what can be done there."""

from fastapi import APIRouter, Request, Response

from assistant.config import Config
from assistant.live import LiveEngine
from assistant.maintain.access import Access
from assistant.maintain.frame import HOME, STYLE, read_style, render
from assistant.maintain.login import add_login, to_login


def maintain_routes(live: LiveEngine, config: Config) -> APIRouter:
    """The routes; none where the settings give no way in. Raises: ConfigError."""
    router, access = APIRouter(include_in_schema=False), Access(config)
    if not access.is_on:
        return router
    add_login(router, access)
    router.add_api_route(STYLE, read_style)

    @router.get(HOME)
    async def show(request: Request) -> Response:
        visitor = access.visitor(request)
        if visitor is None:
            return to_login(request)
        return render(request, "page.html", form_token=visitor.form_token)

    return router
