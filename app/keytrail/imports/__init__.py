"""Logs that were recorded elsewhere, taken in as writing sessions."""
