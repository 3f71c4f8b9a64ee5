"""Keep ids, names and messages in CSV files from running as formulas in a spreadsheet."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What spreadsheets take for the beginning of a formula, or skip before one; the last four are wide forms."""


def not_a_formula(text: str | None) -> str | None:
    """Return the text, preceded by an apostrophe if a spreadsheet would run it as a formula."""
    return f"'{text}" if text and text.startswith(_FORMULA) else text
