"""Which forms a signed-in browser may post: ours, by scheme, host and port."""

from types import SimpleNamespace
from typing import cast

import pytest
from fastapi import Request

from keytrail.errors import Forbidden
from keytrail.requester.people.access import same_origin
from keytrail.web.services import Services
from tests.requester.site import ORIGIN, Site


def taken(public_url: str, scheme: str, host: str, method: str = "POST", **headers: str) -> bool:
    """Whether a form that came to this address, as far as proxies told us, is taken."""
    sent = {"host": host, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode()) for name, value in sent.items()]
    scope = {"type": "http", "method": method, "scheme": scheme, "path": "/", "query_string": b"", "headers": raw}
    services = cast("Services", SimpleNamespace(settings=SimpleNamespace(public_url=public_url)))
    try:
        same_origin(Request(scope), services)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("host", ["keytrail.test", "lab.test", "lab.test:8000", "LAB.test"])
def test_a_form_by_plain_http_under_any_name_of_ours_is_taken(host: str) -> None:
    assert taken("http://127.0.0.1:8000", "http", host, origin=f"http://{host.lower()}")


@pytest.mark.parametrize(
    "origin",
    [
        "https://keytrail.test",
        "http://keytrail.test:8001",
        "http://evil.example",
        "http://keytrail.test.evil.example",
        "null",
    ],
)
@pytest.mark.parametrize("host", ["keytrail.test", ""])
def test_another_scheme_port_or_host_is_refused(origin: str, host: str) -> None:
    assert not taken("http://keytrail.test", "http", host, origin=origin)


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "is_ours"),
    [
        # The proxy speaks https and did not say so, or passed a name of its own on: the public URL is the truth.
        ("https://public.test", "http", "public.test", True),
        ("https://public.test", "http", "127.0.0.1:8000", True),
        ("https://lab.test", "https", "lab.test", True),
        ("http://lab.test", "http", "lab.test", True),
        # What came by plain http under the public name may be anybody's.
        ("http://public.test", "http", "public.test", False),
        ("http://public.test", "http", "public.test:443", False),
        ("https://public.test:8443", "https", "public.test", False),
    ],
)
def test_behind_a_proxy_the_public_url_counts(origin: str, scheme: str, host: str, is_ours: bool) -> None:  # noqa: FBT001
    assert taken("https://public.test", scheme, host, origin=origin) is is_ours


def test_what_the_browser_says_of_the_site_goes_first() -> None:
    address = ("https://public.test", "https", "public.test")
    assert taken(*address, sec_fetch_site="same-origin", origin="https://elsewhere.test")
    assert not taken(*address, sec_fetch_site="same-site", origin="https://public.test")
    assert taken(*address)
    assert taken(*address, method="GET", origin="https://evil.example")


def test_the_dashboard_asks(site: Site) -> None:
    nobody = site.visitor().client
    assert nobody.post("/sign-out", headers={"origin": ORIGIN}).status_code == 303
    assert nobody.post("/sign-out", headers={"origin": ORIGIN.replace("http:", "https:")}).status_code == 403
