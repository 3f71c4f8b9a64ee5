"""Text that any program can read."""


def storable(text: str) -> str:
    """The same text with lone surrogates and NUL, which few programs read, shown as U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "\ufffd")
