"""Find the columns of a file that hold the item's id, title and text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keytrail.errors import ImportFailed

_SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "id", "itemid", "item", "key", "itemkey", "identifier", "uid", "uuid", "number", "no", "nr", "num", "index",
        "textid", "docid", "documentid", "articleid", "abstractid", "sourceid", "doi", "pmid",
    ),
    "text": (
        "text", "abstract", "fulltext", "originaltext", "sourcetext", "itemtext", "source", "content", "contents",
        "body", "passage", "article", "document", "paragraph", "texte", "texto", "testo", "tekst", "inhalt",
    ),
    "title": (
        "title", "itemtitle", "name", "headline", "heading", "label", "titel", "titre", "titulo", "titolo", "tytul",
        "uberschrift",
    ),
}  # fmt: skip
_SHOWN_COLUMNS = 15


@dataclass(frozen=True)
class ColumnMapping:
    """Names of a file's columns. Without `id`, ids are generated; without `title`, items have none."""

    text: str
    id: str | None = None
    title: str | None = None

    def further(self, columns: Sequence[str]) -> list[str]:
        """The columns that are stored as further fields of an item."""
        return [column for column in columns if column not in {self.text, self.id, self.title}]


def guess_mapping(columns: Sequence[str]) -> ColumnMapping | None:
    """Guess the mapping from well-known names, ignoring case, blanks and accents; None where no text column
    is found.
    """
    item_id, text, title = (_find(columns, field) for field in ("id", "text", "title"))
    if text is None:
        # A single further column can only be the text.
        rest = [column for column in columns if column not in {item_id, title}]
        if len(rest) != 1 or item_id is None:
            return None
        text = rest[0]
    return ColumnMapping(text, item_id, title)


def checked_mapping(columns: Sequence[str], text: str | None, item_id: str | None, title: str | None) -> ColumnMapping:
    """Return the chosen mapping, with the rest guessed. Raises ImportFailed for a missing column."""
    for name in (text, item_id, title):
        if name and name not in columns:
            raise ImportFailed(f"There is no column {name!r}.", [f"The columns are: {_listed(columns)}."])
    guessed = guess_mapping(columns)
    if not text and guessed is None:
        raise ImportFailed(
            "No column looks like the text of the items.",
            [f"The columns are: {_listed(columns)}. Name the one with the text “text”, or choose it."],
        )
    chosen = ColumnMapping(
        text or (guessed.text if guessed else ""),
        item_id or (guessed.id if guessed else _find(columns, "id")),
        title or (guessed.title if guessed else _find(columns, "title")),
    )
    if len({chosen.text, chosen.id, chosen.title} - {None}) < len(
        [c for c in (chosen.text, chosen.id, chosen.title) if c]
    ):
        raise ImportFailed("A column can be used only once.", ["Choose different columns for id, title and text."])
    return chosen


def _listed(columns: Sequence[str]) -> str:
    more = len(columns) - _SHOWN_COLUMNS
    return ", ".join(columns[:_SHOWN_COLUMNS]) + (f" and {more} more" if more > 0 else "")


def known_headers(header: Iterable[str]) -> int:
    """Count the well-known names."""
    known = {synonym for synonyms in _SYNONYMS.values() for synonym in synonyms}
    return sum(_plain(name) in known for name in header)


def _find(columns: Sequence[str], field: str) -> str | None:
    plain = {_plain(column): column for column in reversed(columns)}
    return next((plain[synonym] for synonym in _SYNONYMS[field] if synonym in plain), None)


def _plain(name: str) -> str:
    folded = name.casefold().translate(str.maketrans("áàâäéèêëíìîïóòôöúùûüç", "aaaaeeeeiiiioooouuuuc"))
    return re.sub(r"[\W_]+", "", folded)
