import pytest

from keytrail.models import MessageKind
from keytrail.notifications.wording import sentence


@pytest.mark.parametrize(
    ("flagged", "words"),
    [(1, "1 of 20 analysed submissions is flagged (5 %)."), (2, "2 of 20 analysed submissions are flagged (5 %).")],
)
def test_the_verb_agrees_with_the_number(flagged: int, words: str) -> None:
    assert sentence(MessageKind.FLAGGED, {"flagged": flagged, "analysed": 20, "percent": 5}).startswith(words)
