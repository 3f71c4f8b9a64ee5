"""The night study on a server that sends mail and webhooks to receivers on this machine."""

from collections.abc import Callable, Iterator

import pytest

from keytrail.notifications.sending import Transport, send_due
from keytrail.settings import Settings
from tests.conftest import FakeClock
from tests.notifications.receivers import MailReceiver, WebReceiver, mail_receiver, web_receiver
from tests.requester.night_study import night_study
from tests.requester.site import Site, Visitor


@pytest.fixture
def web() -> Iterator[WebReceiver]:
    with web_receiver() as found:
        yield found


@pytest.fixture
def mail() -> Iterator[MailReceiver]:
    with mail_receiver() as found:
        yield found


@pytest.fixture
def site(
    make_settings: Callable[..., Settings], database_url: str, clock: FakeClock, mail: MailReceiver
) -> Iterator[Site]:
    settings = make_settings(
        database_url=database_url,
        smtp_host="127.0.0.1",
        smtp_port=mail.port,
        smtp_security="none",
        mail_from="keytrail@lab.example",
        webhook_networks="127.0.0.0/8",
    )
    found = night_study(settings, clock)
    yield found
    found.database.close()


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def transport(site: Site) -> Transport:
    return Transport(site.app.state.services.settings, site.keyring)


def send(site: Site) -> int:
    return send_due(site.database, site.clock, transport(site))
