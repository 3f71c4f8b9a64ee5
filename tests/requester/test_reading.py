from keytrail.models import Submission, TextScore
from keytrail.requester.synthetic.reading import ReadingPage
from tests.requester.site import Site, words_of

FOREIGN = "As an AI language model, I say that amber light \u2014 so the study \u2014 lengthened the sleep of staff."


def _score(site: Site, public_id: str, outcome: str, *, trained_on: bool = False) -> None:
    with site.database.writing() as db:
        submission = db.query(Submission).filter_by(public_id=public_id).one()
        figures = {
            "probability": 0.97,
            "llm_from": 0.9,
            "human_below": 0.3,
            "own_words": 18,
            "words": 19,
            "sentences": [],
        }
        score = TextScore(submission_id=submission.id, study_id=submission.study_id, model_version="1", outcome=outcome)
        score.scored_at, score.probability, score.reads_synthetic = site.clock(), 0.97, True
        score.trained_on, score.body = trained_on, {"assessment": figures, "finding": None}
        db.add(score)


def test_log_and_text_make_one_posterior_with_its_table(site: Site) -> None:
    work = site.hand()
    work.hand.pastes(FOREIGN)
    public_id = work.submit()
    _score(site, public_id, "llm_like")
    vera = site.visitor("vera")
    page: ReadingPage = vera.context(f"/submissions/{public_id}/text")
    assert page.together == "99\u00a0%"
    assert [here for _, here in page.rows[0][1]] == [True, False, False, False]
    assert [share for share, _ in page.rows[0][1]][:2] == ["99\u00a0%", "51\u00a0%"]
    html = words_of(vera.page(f"/submissions/{public_id}/text"))
    assert "As an AI language model" in html
    assert "decides nothing alone" in html
    assert "if 35 % of all were" in html
    assert f'href="/submissions/{public_id}/text"' in vera.page(f"/submissions/{public_id}")


def test_a_text_that_trained_the_classifier_is_no_evidence_of_itself(site: Site) -> None:
    work = site.hand()
    work.hand.types("Staff slept a bit longer under amber light.")
    public_id = work.submit()
    _score(site, public_id, "llm_like", trained_on=True)
    page: ReadingPage = site.visitor("vera").context(f"/submissions/{public_id}/text")
    assert page.text == "not judged"
    assert page.found.together.text_ratio == 1


def test_without_a_score_only_the_log_speaks(site: Site) -> None:
    work = site.hand()
    work.hand.types("Staff slept a bit longer under amber light.")
    public_id = work.submit()
    vera = site.visitor("vera")
    page: ReadingPage = vera.context(f"/submissions/{public_id}/text")
    assert (page.found.assessment, page.text, page.copied) == ({}, "not judged", "0\u00a0%")
    assert "has not been judged" in vera.page(f"/submissions/{public_id}/text")
    assert site.visitor("otto").get(f"/submissions/{public_id}/text").status_code == 404
