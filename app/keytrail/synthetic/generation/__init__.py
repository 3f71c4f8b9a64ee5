"""Asking language models for texts about a study's items, to know what theirs look like."""
