"""Keytrail: a crowd task server that records how a text came into being."""

__version__ = "0.2.0"
