"""Replicate the 2023 studies from their files (docs/replication.md)."""

from typing import Final

REPEATS: Final = 3
"""Repeats of the cross-validation. Here, because the command line names it without loading the classifier."""
