"""What every reader of a file format returns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RawTable:
    """Header and rows as they stand in the file: rows may be empty, shorter or longer than the header."""

    format: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
