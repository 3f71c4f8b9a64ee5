"""Messages: English sentences that can be translated."""

from collections.abc import Mapping


class Message(str):
    """An English sentence for a worker, which a `Language` can translate.

    Code that does not translate (the command line, the API, the log) uses it as the English sentence. `msgid` is its
    key in catalogues, `plural` its plural form, chosen by `number`; `values` are its placeholders' values.
    """

    __slots__ = ("msgid", "number", "plural", "values")

    msgid: str
    plural: str | None
    number: int
    values: Mapping[str, object]

    def filled(self, **values: object) -> "Message":
        """Return the same sentence with values."""
        return _made(self.msgid, self.msgid, self.plural, self.number, values)


def message(msgid: str, **values: object) -> Message:
    """Return a sentence with values for its `%(name)s`; values that are messages are translated too."""
    return _made(msgid, msgid, None, 0, values)


def counted_message(singular: str, plural: str, count: int, **values: object) -> Message:
    """Return a sentence about `%(count)s` things."""
    values = {"count": count, **values}
    return _made(singular if count == 1 else plural, singular, plural, count, values)


def _made(english: str, msgid: str, plural: str | None, count: int, values: Mapping[str, object]) -> Message:
    made = Message(english % values if values else english)
    made.msgid, made.plural, made.number, made.values = msgid, plural, count, values
    return made
