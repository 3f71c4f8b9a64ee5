"""How much of a study was written by language models, with honest uncertainty. Four estimates (docs/text.md).

Numbers in, numbers out; every result is a frozen dataclass with its assumptions in plain words and `as_json()`.
"""
