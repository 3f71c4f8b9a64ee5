from tests.requester.site import Site, words_of

FOREIGN = "Night shifts disturb circadian rhythms; amber illumination lengthened recovery sleep. " * 2


class TestFromAWorkersTextToTheReviewersPage:
    def test_a_pasted_text_is_flagged_with_the_pasted_span_marked(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("In short: ").leaves(41_000).pastes(FOREIGN)
        public_id = work.submit()
        olivia = site.visitor("olivia")
        listed = words_of(olivia.page("/studies/night"))
        assert "strong" in listed
        assert "Text from elsewhere" in listed
        shown = olivia.page(f"/submissions/{public_id}")
        assert 'class="run o-external"' in shown
        assert "were pasted from outside this page" in words_of(shown)

    def test_an_honestly_typed_text_is_clear(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Amber lights at the end of a nigt").erases(1).types("ht shift gave half an hour more.")
        public_id = work.submit()
        shown = words_of(site.visitor("vera").page(f"/submissions/{public_id}"))
        assert "No rule fired" in shown
