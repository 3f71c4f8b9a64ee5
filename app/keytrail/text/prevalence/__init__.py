"""Prevalence: how much of a study was written by language models. Four estimates with intervals (docs/text.md).

Pure functions; every result is a frozen dataclass with its assumptions in words and `as_json()`.
"""
