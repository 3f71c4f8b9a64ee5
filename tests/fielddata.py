"""Locate the field data and the cases of bug reports, which are outside the repository and not always available."""

import os
from pathlib import Path

import pytest

_SHARED = Path(__file__).parents[2] / "shared"
_BESIDE = _SHARED / "data"


def field_data() -> Path:
    """The folder named by KEYTRAIL_FIELD_DATA, else one beside the checkout; without either the test is skipped."""
    folder = Path(os.environ.get("KEYTRAIL_FIELD_DATA") or _BESIDE)
    if not folder.is_dir():
        pytest.skip("the field data is not here; KEYTRAIL_FIELD_DATA names its folder")
    return folder


def reported_cases() -> Path:
    """The folder with small inputs from bug reports beside the checkout; without it the test is skipped."""
    folder = _SHARED / "cases"
    if not folder.is_dir():
        pytest.skip("the cases of bug reports are not beside the checkout (../shared/cases)")
    return folder
