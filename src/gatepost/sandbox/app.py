"""The whole town as one ASGI app: /facebook, /x, /_town, and the pages for people."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount

from . import facebook, pages, town_api, x
from .faults import Faulty, took
from .life import Life
from .world import World

# Only names of this machine: a web page elsewhere cannot reach the town by pointing a name of its own at it.
HOSTS = ["127.0.0.1", "localhost", "[::1]", "::1"]


log = logging.getLogger(__name__)


def build(world: World, life: Life) -> Starlette:
    return Starlette(
        routes=[
            Mount("/facebook", Faulty(facebook.build(world, took), world, "facebook")),
            Mount("/x", Faulty(x.build(world, took), world, "x")),
            *town_api.routes(world, life),
            *pages.routes(world),
        ],
        exception_handlers={Exception: _broken},
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)],
    )


async def _broken(request: Request, error: Exception) -> Response:
    """A fault of the town's own: kept in its log, and said plainly so that nobody looks for it in the desk."""
    log.error("%s %s could not be answered", request.method, request.url.path, exc_info=error)
    return JSONResponse({"error": f"The practice town itself has failed ({type(error).__name__}). See town.log."}, 500)
