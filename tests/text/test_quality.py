from keytrail.text.quality import coverage, key_terms

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
