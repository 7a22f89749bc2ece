"""The whole town as one ASGI app: /facebook, /x, /_town, and the pages for people."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from . import facebook, pages, town_api, x
from .faults import Faulty, took
from .life import Life
from .world import World

# Only names of this machine: a web page elsewhere cannot reach the town by pointing a name of its own at it.
HOSTS = ["127.0.0.1", "localhost", "[::1]", "::1"]


def build(world: World, life: Life) -> Starlette:
    return Starlette(
        routes=[
            Mount("/facebook", Faulty(facebook.build(world, took), world, "facebook")),
            Mount("/x", Faulty(x.build(world, took), world, "x")),
            *town_api.routes(world, life),
            *pages.routes(world),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False)],
    )
