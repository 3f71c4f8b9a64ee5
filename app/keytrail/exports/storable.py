"""Make text storable in any format and readable by any program."""


def storable(text: str) -> str:
    """Replace lone surrogates and NUL, which few programs read, by U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\0", "\ufffd")
