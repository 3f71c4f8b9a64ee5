"""Keytrail: a crowd task server that records how a text was written."""

__version__ = "0.2.0"
