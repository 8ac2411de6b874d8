"""Every route of the guard process in one table, each with its screen; whatever is not here is refused.

Invariants: the router is built from ``ROUTES`` alone; a row that reaches the upstream has a screen for request and
output; a path matches byte for byte (no case folding, no escapes, no trailing slash, no older version prefix).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from consentry.guard.request import Route
from consentry.proxy.errors import ProxyRefusal
from consentry.proxy.json_body import shown


class Screen(StrEnum):
    """What stands between a route and a picture."""

    REQUEST_AND_OUTPUT = "request and output"
    REQUEST = "request only: no picture is made"
    NOTHING_TO_SCREEN = "takes no body and returns no picture"


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One route: ``name`` is the metric label and the endpoint's name; ``makes`` the guard's route, if any."""

    method: str
    path: str
    name: str
    screen: Screen
    makes: Route | None = None


ROUTES: tuple[RouteRow, ...] = (
    RouteRow("POST", "/v1/images/generations", "generations", Screen.REQUEST_AND_OUTPUT, Route.GENERATE),
    RouteRow("POST", "/v1/images/edits", "edits", Screen.REQUEST_AND_OUTPUT, Route.EDIT),
    RouteRow("POST", "/v1/images/variations", "variations", Screen.REQUEST_AND_OUTPUT, Route.VARIATION),
    RouteRow("POST", "/v1/moderations", "moderations", Screen.REQUEST),
    RouteRow("GET", "/healthz", "healthz", Screen.NOTHING_TO_SCREEN),
    RouteRow("GET", "/readyz", "readyz", Screen.NOTHING_TO_SCREEN),
    RouteRow("GET", "/metrics", "metrics", Screen.NOTHING_TO_SCREEN),
)

NOT_YET_SCREENED = (
    "/v1/responses",
    "/v1/conversations",
    "/v1/chat/completions",
    "/v1/batches",
    "/v1/videos",
    "/v1/files",
    "/v1/uploads",
    "/v1/realtime",
)
"""Routes of OpenAI's API that make or carry pictures by other ways; named so that the refusal can be plain."""

_BY_PATH: Mapping[str, RouteRow] = {row.path: row for row in ROUTES}


def find_route(method: str, raw_path: bytes, query: bytes) -> RouteRow:
    """The row that this request line names byte for byte; ``ProxyRefusal`` otherwise."""
    path = raw_path.decode("latin-1")
    row = _BY_PATH.get(path)
    methods = () if row is None else (row.method, "HEAD") if row.method == "GET" else (row.method,)
    if row is None or method not in methods:
        near = any(path == one or path.startswith(f"{one}/") for one in NOT_YET_SCREENED)
        raise ProxyRefusal(
            404,
            "route_not_screened",
            sentence="route_not_yet_screened" if near else None,
            route=f"{method[:16]} {shown(path)}",
            known=", ".join(one.path for one in ROUTES if one.screen is not Screen.NOTHING_TO_SCREEN),
        )
    if query and row.method == "POST":
        name = query.partition(b"=")[0].partition(b"&")[0].decode("latin-1")
        raise ProxyRefusal(400, "field_not_screened", param=shown(name), why="given in the address")
    return row
