"""Checks of `keytrail doctor` that need another clock, a certificate that ends soon, or a mail server."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from keytrail.clock import utc_now
from keytrail.db import Database
from keytrail.operations.doctor import probe_mail
from keytrail.operations.doctor.clocks import probe_clock
from keytrail.operations.doctor.public_address import probe_certificate
from keytrail.settings import Settings
from tests.postgres import PostgresDatabases

HALF = "Only half of the mail server is set"
MakeSettings = Callable[..., Settings]


def test_a_clock_in_the_past_is_found(database: Database) -> None:
    found = probe_clock(database, datetime(2025, 12, 31, tzinfo=UTC))
    assert (found.well, "in the past" in found.description, "NTP" in found.advice) == (False, True, True)
    assert probe_clock(database, utc_now()).well


@pytest.mark.postgres
def test_a_clock_that_differs_from_the_database_s_is_found(postgres_databases: PostgresDatabases) -> None:
    with postgres_databases.lent() as url:
        database = Database(url)
        for seconds, well in ((-45, False), (-20, True), (20, True), (45, False)):
            assert probe_clock(database, utc_now() + timedelta(seconds=seconds)).well == well, seconds
        database.close()


def signed_for(folder: Path, ends: datetime) -> Path:
    """A key and a certificate for 127.0.0.1 that signs itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "keytrail.test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


@contextmanager
def serving(certificate: Path) -> Iterator[str]:
    """A public address with this certificate; it takes one connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def take() -> None:
        with suppress(OSError), listening.accept()[0] as line, context.wrap_socket(line, server_side=True) as secured:
            secured.recv(1)  # until the other side has read enough and goes

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=take)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            thread.join(30)


@pytest.mark.parametrize("days", [13, 15])
def test_a_certificate_that_was_not_renewed_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    ends = utc_now().replace(microsecond=0) + timedelta(days=365)
    certificate = signed_for(tmp_path, ends)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(certificate) as url:
        found = probe_certificate(url, ends - timedelta(days=days))
    assert found.description == f"The certificate is good until {ends:%Y-%m-%d}."
    assert (found.well, "Renew it" in found.advice) == (days > 14, True)


def test_a_certificate_that_nobody_trusts_is_found(tmp_path: Path) -> None:
    with serving(signed_for(tmp_path, utc_now() + timedelta(days=365))) as url:
        found = probe_certificate(url, utc_now())
    assert (found.well, "self-signed certificate" in found.description) == (False, True)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "No mail is sent"),
        ({"smtp_host": "mail.test", "mail_from": "lab@example.org"}, "goes through mail.test"),
        ({"smtp_host": "mail.test"}, HALF),
        ({"mail_from": "lab@example.org"}, HALF),
    ],
)
def test_half_a_mail_server_is_found(make_settings: MakeSettings, values: dict[str, str], says: str) -> None:
    found = probe_mail(make_settings(**values))
    assert (found.well, says in found.description) == (says != HALF, True)
