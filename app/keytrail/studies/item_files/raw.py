"""The raw table: the common result of every file reader."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RawTable:
    """Header and rows as in the file: rows may be empty, shorter or longer than the header."""

    format: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
