"""Locate the field data, which is outside the repository and not always available."""

import os
from pathlib import Path

import pytest

_BESIDE = Path(__file__).parents[2] / "shared" / "data"


def field_data() -> Path:
    """The folder named by KEYTRAIL_FIELD_DATA, else one beside the checkout; without either the test is skipped."""
    folder = Path(os.environ.get("KEYTRAIL_FIELD_DATA") or _BESIDE)
    if not folder.is_dir():
        pytest.skip("the field data is not here; KEYTRAIL_FIELD_DATA names its folder")
    return folder
