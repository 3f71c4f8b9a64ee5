from app.text.quality import Handed, coverage, key_terms, likeness

ITEMS = {
    "ants": "Ants follow scent trails. The trails fade. Ants that find food lay new trails, and other ants follow.",
    "bees": "Bees dance. A dance tells other bees where nectar is, and bees that follow the dance find nectar.",
}


def test_key_terms_stand_out_in_their_item() -> None:
    terms = key_terms(ITEMS, most=3)
    assert "ants" in terms["ants"]
    assert "trail" in terms["ants"]
    assert "dance" in terms["bees"]
    assert not terms["ants"] & terms["bees"]


def test_a_text_keeps_some_of_them() -> None:
    terms = key_terms(ITEMS, most=3)["ants"]
    assert coverage("Trails of ants vanish.", terms) == 2 / 3
    assert coverage("Nothing of it.", terms) == 0
    assert coverage("Anything", frozenset()) is None


def test_likeness_compares_other_peoples_texts_about_the_same_item() -> None:
    handed = [
        Handed("ants", "a", "Small insects walk in long lines behind a smell."),
        Handed("ants", "b", "Small insects walk in long lines behind a smell."),
        Handed("ants", "b", "Completely different words were written down here."),
        Handed("bees", "c", "Small insects walk in long lines behind a smell."),
    ]
    first, second, third, alone = likeness(handed, ITEMS)
    assert first == 0.5
    assert (second, third) == (1.0, 0.0)
    assert alone is None
