import json

import numpy as np
import pytest

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import NOTE_NO_REFERENCES, NOTE_TRAINED_ON, Basis, Outcome
from keytrail.text.classifier.augment import extracts
from keytrail.text.classifier.calibration import FALSE_ALARM_RATES
from keytrail.text.classifier.card import card_markdown
from keytrail.text.classifier.corpus import Corpus, CorpusSource, Label, ReferenceOrigin, TrainingText, text_key
from keytrail.text.classifier.gates import Reason
from keytrail.text.classifier.model import TextModel, train_model
from keytrail.text.classifier.samples import scoring_profiles
from keytrail.text.classifier.storage import model_from_json, model_to_json
from keytrail.text.items import ItemProfile, profile_item
from tests.text import toycorpus

GERMAN = (
    "Die Studie hat gezeigt, dass das Mittel bei den meisten Menschen gut wirkt und dass es kaum Nebenwirkungen gibt. "
    "Man hat viele Leute befragt und in zwei Gruppen geteilt, von denen nur eine das Mittel bekam. Am Ende ging es "
    "der einen Gruppe besser als der anderen, aber der Unterschied war nicht sehr gross und nicht bei allen zu sehen."
)


def test_unseen_texts_read_like_who_wrote_them(model: TextModel, profile: ItemProfile) -> None:
    for seed in range(200, 206):
        assert model.assess(toycorpus.human_text(0, seed), profile).outcome is Outcome.HUMAN_LIKE
        machine = model.assess(toycorpus.machine_text(0, seed), profile)
        assert machine.outcome is Outcome.LLM_LIKE
        assert machine.basis is Basis.REFERENCES
        assert machine.reference_share is not None
        assert machine.reference_share > 0.3


def test_without_references_style_alone_judges_and_says_so(model: TextModel) -> None:
    bare = profile_item(toycorpus.item_text(0))
    judged = model.assess(toycorpus.machine_text(0, 300), bare)
    assert judged.basis is Basis.STYLE_ALONE
    assert NOTE_NO_REFERENCES in judged.notes
    assert "right on 93 % of texts" in " ".join(judged.notes)
    assert judged.false_alarm_rate == 0.02
    assert judged.reference_share is None
    assert judged.probability is not None
    assert judged.probability > 0.5


def test_short_foreign_and_stray_texts_are_not_judged(model: TextModel, profile: ItemProfile) -> None:
    machine = toycorpus.machine_text(0, 300)
    cases = {
        Reason.SHORT: " ".join(machine.split()[:30]),
        Reason.LANGUAGE: GERMAN,
        Reason.OFF_TOPIC: toycorpus.human_text(5, 300),
    }
    for reason, text in cases.items():
        judged = model.assess(text, profile)
        assert judged.outcome is Outcome.NOT_ASSESSABLE
        assert judged.reasons == (reason,)
        assert judged.reads_synthetic is None
    assert model.assess("", profile).probability is None


def test_extracts_are_copies_and_never_a_false_alarm(model: TextModel, profile: ItemProfile) -> None:
    for extract in extracts(toycorpus.item_text(0), np.random.default_rng(9), 30):
        for rate in FALSE_ALARM_RATES:
            judged = model.assess(extract, profile, rate)
            assert judged.outcome is Outcome.NOT_ASSESSABLE
            assert judged.probability is not None
            assert judged.probability < judged.llm_from
    whole = model.assess(toycorpus.item_text(0), profile)
    assert whole.reasons == (Reason.COPIED,)
    assert whole.reads_synthetic is False


def test_rates_are_named_and_stricter_rates_ask_for_more(model: TextModel, profile: ItemProfile) -> None:
    text = toycorpus.machine_text(0, 300)
    bounds = [model.assess(text, profile, rate).llm_from for rate in FALSE_ALARM_RATES]
    assert bounds == sorted(bounds)
    with pytest.raises(BadRequest, match="false-alarm rate"):
        model.assess(text, profile, 0.03)


def test_a_training_text_does_not_vouch_for_itself(model: TextModel, profile: ItemProfile, corpus: Corpus) -> None:
    known = next(text for text in corpus.texts if text.item_id == "item-0")
    judged = model.assess(known.text.upper(), profile)
    assert NOTE_TRAINED_ON in judged.notes
    scorer = model.with_references
    assert scorer is not None
    features = model.features(known.text, profile)
    assert judged.probability != pytest.approx(scorer.platt.probability(scorer.score(features)), abs=1e-12)


def test_two_members_share_the_work_and_never_judge_their_own_references(model: TextModel, corpus: Corpus) -> None:
    """Every generation has a held-out score, by the one member that had it as an example."""
    scorer = model.with_references
    assert scorer is not None
    assert len(scorer.members) == 2
    profile = scoring_profiles(corpus)["item-0"]
    assert profile.mirror is not None
    examples = {text.text for text in corpus.texts if text.label is Label.LLM and text.item_id == "item-0"}
    assert not examples & set(corpus.references["item-0"])
    for text in (*examples, *corpus.references["item-0"]):
        assert text_key(text) in scorer.held_out
        assert NOTE_TRAINED_ON in model.assess(text, profile).notes
    features = model.features(toycorpus.machine_text(0, 500), profile)
    assert features.references != features.mirror_references
    assert features.mirrored.references == features.mirror_references


def test_few_generations_leave_one_member(corpus: Corpus) -> None:
    """Five references an item, and hardly an example beside them: the other way round there is nothing to look up."""
    references = {item: texts[:5] for item, texts in corpus.references.items()}
    examples = [text for text in corpus.texts if text.label is Label.LLM]
    people = [text for text in corpus.texts if text.label is Label.HUMAN]
    subset = [text for text in examples if examples.index(text) % 6 < 4]
    scorer = train_model(Corpus(corpus.items, [*people, *subset], references)).with_references
    assert scorer is not None
    assert len(scorer.members) == 1


def test_a_wrong_label_from_a_log_cannot_turn_its_own_score() -> None:
    """Circularity: a session trained on with the label of its log is scored by a model that had not seen its item."""
    corpus = toycorpus.toy_corpus()
    lying = TrainingText("item-0", toycorpus.machine_text(0, 400), Label.HUMAN, CorpusSource.OWN_STUDY)
    own = Corpus(corpus.items, [*corpus.texts, *[lying]], corpus.references)
    model = train_model(own)
    profile = profile_item(corpus.items["item-0"], corpus.references["item-0"])
    judged = model.assess(lying.text, profile)
    assert judged.probability is not None
    assert judged.probability > judged.llm_from
    assert model.trained_on_own(lying.text)
    assert not model.trained_on_own(corpus.texts[0].text)
    assert model.card["training"]["own_study"] == 1
    assert any("own logs" in limit for limit in model.card["limits"])


def test_labels_from_logs_do_not_set_error_rates() -> None:
    corpus = toycorpus.toy_corpus()
    liars = [
        TrainingText(f"item-{number}", toycorpus.machine_text(number, 400 + seed), Label.HUMAN, CorpusSource.OWN_STUDY)
        for number in range(8)
        for seed in range(2)
    ]
    plain, misled = train_model(corpus), train_model(Corpus(corpus.items, [*corpus.texts, *liars], corpus.references))
    assert misled.without_references.thresholds.honest_texts == plain.without_references.thresholds.honest_texts


def test_training_again_gives_the_same_model(model: TextModel, corpus: Corpus) -> None:
    assert model_to_json(train_model(corpus)) == model_to_json(model)


def test_a_stored_model_scores_as_before(model: TextModel, profile: ItemProfile) -> None:
    stored = json.dumps(model_to_json(model))
    again = model_from_json(json.loads(stored))
    for text in (toycorpus.human_text(0, 700), toycorpus.machine_text(0, 700)):
        assert again.assess(text, profile) == model.assess(text, profile)
    assert again == model


def test_error_rates_come_from_held_out_texts(model: TextModel, corpus: Corpus) -> None:
    loose, strict = (model.error_counts(Basis.REFERENCES, rate) for rate in (0.1, 0.01))
    generations = sum(text.label is Label.LLM for text in corpus.texts) + sum(map(len, corpus.references.values()))
    assert loose.sensitivity.tried == generations
    assert loose.specificity.tried == sum(text.label is Label.HUMAN for text in corpus.texts)
    assert loose.sensitivity.right >= strict.sensitivity.right > 0
    assert loose.specificity.right <= strict.specificity.right
    with pytest.raises(BadRequest, match="no error rates"):
        model.error_counts(Basis.STYLE_ALONE, 0.33)


def test_other_formats_are_refused(model: TextModel) -> None:
    plain = json.loads(json.dumps(model_to_json(model)))
    with pytest.raises(BadRequest, match="format 99"):
        model_from_json({**plain, "format": 99})


def test_the_card_tells_where_everything_came_from(corpus: Corpus) -> None:
    origin = ReferenceOrigin("some-model|2", 6, 0.7, "2026-02-01", 200)
    card = train_model(Corpus(corpus.items, corpus.texts, corpus.references, (origin,))).card
    assert card["training"] == {
        "items": 8, "human": 40, "llm": 48, "own_study": 0, "references": 48, "items_with_references": 8,
    }  # fmt: skip
    assert set(card["figures"]) == {"references", "style alone"}
    page = card_markdown(card)
    assert "| some-model/2 | 6 | 0.7 | 2026-02-01 | 200 |" in page
    assert "misjudged more often" in page
    assert card["version"] in page


def test_too_little_to_learn_from_is_refused(corpus: Corpus) -> None:
    few = [text for text in corpus.texts if text.item_id in {"item-0", "item-1"}]
    with pytest.raises(BadRequest, match="at least 20 texts by people about at least 3 items"):
        train_model(Corpus(corpus.items, few))


def test_a_corpus_without_references_gives_the_model_of_style_alone(corpus: Corpus, profile: ItemProfile) -> None:
    model = train_model(Corpus(corpus.items, corpus.texts))
    assert model.with_references is None
    assert model.assess(toycorpus.machine_text(0, 800), profile).basis is Basis.STYLE_ALONE


def test_few_lab_texts_by_people_are_a_limit_of_the_card(corpus: Corpus) -> None:
    own = [
        TrainingText(
            text.item_id, text.text, text.label, CorpusSource.OWN_STUDY if text.label is Label.HUMAN else text.source
        )
        for text in corpus.texts
    ]
    model = train_model(Corpus(corpus.items, own, corpus.references))
    assert any("fewer than 30 lab texts" in limit for limit in model.card["limits"])
    assert model.assess(toycorpus.human_text(0, 900), profile_item(corpus.items["item-0"])).probability is not None
