"""Secrets and settings in files: a byte-order mark is no part of them."""

from pathlib import Path

import pytest

from keytrail.cli.backups import _passphrase
from keytrail.cli.keys import _given
from keytrail.settings import Settings

BYTE_ORDER_MARK = "\ufeff".encode()


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_bytes(BYTE_ORDER_MARK + b"a secret of more than thirty-two characters\r\n")
    return path


def test_a_byte_order_mark_is_no_part_of_a_secret(marked: Path) -> None:
    secret = "a secret of more than thirty-two characters"
    assert _passphrase(marked, new=True) == secret
    assert _given(marked) == secret.encode()
    assert Settings(oidc_client_secret_file=marked).oidc_secret == secret


def test_a_byte_order_mark_is_no_part_of_a_setting(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(BYTE_ORDER_MARK + b"KEYTRAIL_LLM_URL=http://127.0.0.1:1/v1\n")
    assert str(Settings().llm_url) == "http://127.0.0.1:1/v1"
