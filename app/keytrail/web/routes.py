"""Add routers' routes to an application without preparing them again."""

from fastapi import APIRouter, FastAPI


def add_routes(app: FastAPI, *routers: APIRouter) -> None:
    """Add the routes as they are.

    `include_router` wraps each router so that a prefix or dependencies can be joined to it, analyses every route's
    parameters again at the first request, and tries the wrappers one after another at each request. No router here is
    included with a prefix or dependencies: each has its own from the start.
    """
    for router in routers:
        app.routes.extend(router.routes)
