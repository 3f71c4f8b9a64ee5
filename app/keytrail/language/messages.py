"""English sentences that know how they are said in other languages."""

from collections.abc import Mapping


class Message(str):
    """An English sentence for a worker, which a `Language` can translate.

    To whoever knows nothing of languages (the command line, the API, the log) it is the English sentence. `msgid` is
    how catalogues list it, `plural` its form for several, by `number`; `values` are put into it.
    """

    __slots__ = ("msgid", "number", "plural", "values")

    msgid: str
    plural: str | None
    number: int
    values: Mapping[str, object]

    def filled(self, **values: object) -> "Message":
        """The same sentence with values."""
        return _made(self.msgid, self.msgid, self.plural, self.number, values)


def message(msgid: str, **values: object) -> Message:
    """A sentence with values for its `%(name)s`; values that are messages are translated with it."""
    return _made(msgid, msgid, None, 0, values)


def counted_message(singular: str, plural: str, count: int, **values: object) -> Message:
    """A sentence about `%(count)s` things."""
    values = {"count": count, **values}
    return _made(singular if count == 1 else plural, singular, plural, count, values)


def _made(english: str, msgid: str, plural: str | None, count: int, values: Mapping[str, object]) -> Message:
    made = Message(english % values if values else english)
    made.msgid, made.plural, made.number, made.values = msgid, plural, count, values
    return made
