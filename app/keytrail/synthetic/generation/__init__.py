"""Generate reference texts about a study's items with language models."""

from typing import Final

DEFAULT_COUNT: Final = 20
"""Texts per item. 1, 3, 5, 10 and 20 references gave an AUC of 0.921, 0.927, 0.937, 0.949 and 0.961 on 95 Prolific
texts, and half of the texts serve as references."""
