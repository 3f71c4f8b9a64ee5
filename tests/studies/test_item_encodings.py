"""Files in the encodings that spreadsheets write instead of Unicode."""
# ruff: noqa: RUF001  # letters of other scripts look like Latin ones

import pytest

from keytrail.errors import ImportFailed
from keytrail.studies import ItemRow
from keytrail.studies.item_files import FileChoices, read_table
from tests.studies.test_item_files import items


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "L’été à Nîmes, où êtes-vous allés ? La forêt brûlée s’étend près du château."),
        ("cp1252", "Não há solução; a população está à espera de informações sobre a ação."),
        ("cp1252", "Pöytä on täynnä ystäviä, jotka syövät hyvää ruokaa."),
        ("cp1252", "El niño comió piñas mañana. ¿Qué pasó después?"),
        ("cp1252", "Die Ergebnisse zeigen, dass größere Mäuse länger leben."),
        ("cp1252", "Plain words – with a dash, “quotes” and one apostrophe’s mark."),
        ("cp1250", "Zażółć gęślą jaźń. Świętą książkę czytał wójt, który żył w Łodzi."),
        ("cp1250", "Příliš žluťoučký kůň úpěl ďábelské ódy."),
        ("cp1250", "Bucureşti este oraşul în care trăieşte şi învaţă mulţi români."),
        ("cp1254", "Şişli'de güneşli öğle vakti çocuklar ağaçların altında oynuyordu."),
        ("cp1251", "Это краткое изложение статьи о муравьях."),
        ("cp1253", "Αυτή είναι η περίληψη του άρθρου."),
        ("cp932", "これは日本語の要約です"),
        ("euc_jp", "これは日本語の要約です。鍵盤の記録を分析しました。"),
        ("gb18030", "中文摘要内容很多字符"),
        ("cp949", "이것은 한국어 요약입니다"),
        ("mac_roman", "L’été à Nîmes, où êtes-vous allés ? La forêt brûlée."),
    ],
)
@pytest.mark.parametrize("times", [1, 5, 40])
def test_code_pages_are_recognised_by_their_letters(encoding: str, text: str, times: int) -> None:
    whole = " ".join([text] * times)
    assert items(f"id\ttext\n1\t{whole}\n".encode(encoding)) == [ItemRow("1", whole)]


def test_a_chosen_encoding_replaces_the_guess() -> None:
    content = "id\ttext\n1\tПривет! Это краткое изложение статьи о муравьях.\n".encode("cp1251")
    assert read_table(content, "items.csv").encoding == "cp1251"
    table = read_table(content, "items.csv", FileChoices("cp1250"))
    assert (table.encoding, table.rows[0][1][1][:6]) == ("cp1250", "Ďđčâĺň")
    for wrong, words in {"cp932": "cannot be read as Japanese", "klingon": "no encoding 'klingon'"}.items():
        with pytest.raises(ImportFailed, match=words):
            read_table("id\ttext\n1\tcafé\n".encode("cp1252"), "items.csv", FileChoices(wrong))


def test_a_long_text_in_an_eastern_code_page_is_recognised() -> None:
    text = "Широкая электрификация южных губерний даст мощный толчок подъёму сельского хозяйства. " * 3
    assert items(f"id;text\n1;{text}\n".encode("cp1251"))[0].text == text.strip()


def test_a_text_whose_encoding_is_not_recognised_can_still_be_looked_at() -> None:
    content = "번호\t본문\n1\t똠방각하 펲시콜라 힣 뷁\n".encode("cp949")
    assert read_table(content, "items.csv").encoding
    assert read_table(content, "items.csv", FileChoices("cp949")).rows[0][1] == ("1", "똠방각하 펲시콜라 힣 뷁")
    with pytest.raises(ImportFailed, match="cannot be read"):
        read_table(bytes(range(1, 256)), "items.csv")
