import pytest
from hypothesis import given
from hypothesis import strategies as st

from keytrail.provenance import Family, Finding, Severity, Verdict
from keytrail.provenance.rules.verdict import CAP, CAPPED, family_score, total_score, verdict_of

findings = st.builds(
    lambda rule, family, severity: Finding(rule, family, severity, "."),
    st.sampled_from(["one", "external_text", "round_trip"]),
    st.sampled_from(Family),
    st.sampled_from(Severity),
)


def found(family: Family, severity: Severity, rule: str = "one") -> Finding:
    return Finding(rule, family, severity, ".")


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        ([], Verdict.CLEAR),
        ([found(Family.PROVENANCE, Severity.INFO)] * 9, Verdict.CLEAR),
        ([found(Family.PROVENANCE, Severity.REVIEW)], Verdict.REVIEW),
        ([found(Family.PROVENANCE, Severity.HIGH)], Verdict.STRONG),
        ([found(Family.MECHANICS, Severity.HIGH)], Verdict.REVIEW),
        ([found(Family.MECHANICS, Severity.HIGH), found(Family.MECHANICS, Severity.REVIEW)], Verdict.STRONG),
        ([found(Family.MECHANICS, Severity.HIGH), found(Family.MECHANICS, Severity.INFO)], Verdict.REVIEW),
        ([found(Family.MECHANICS, Severity.REVIEW)] * 2, Verdict.REVIEW),
        ([found(Family.LINEARITY, Severity.HIGH)] * 3, Verdict.REVIEW),
        ([found(Family.TEXT, Severity.HIGH), found(Family.LINEARITY, Severity.HIGH)], Verdict.REVIEW),
        ([found(Family.TASK, Severity.HIGH)], Verdict.REVIEW),
        ([found(Family.INTEGRITY, Severity.INFO)], Verdict.UNVERIFIABLE),
        ([found(Family.INTEGRITY, Severity.HIGH)] * 3, Verdict.UNVERIFIABLE),
    ],
)
def test_what_findings_add_up_to(evidence: list[Finding], verdict: Verdict) -> None:
    assert verdict_of(evidence) is verdict


def test_in_a_log_that_cannot_be_relied_on_only_pasted_text_still_stands() -> None:
    broken = found(Family.INTEGRITY, Severity.INFO)
    assert verdict_of([broken, found(Family.PROVENANCE, Severity.HIGH, "external_text")]) is Verdict.STRONG
    assert verdict_of([broken, found(Family.PROVENANCE, Severity.HIGH, "untyped_text")]) is Verdict.UNVERIFIABLE
    assert verdict_of([broken, found(Family.MECHANICS, Severity.HIGH)]) is Verdict.UNVERIFIABLE


@pytest.mark.parametrize(("others", "verdict"), [([], Verdict.REVIEW), (["impossible_speed"], Verdict.STRONG)])
def test_what_one_assistive_tool_causes_is_not_strong(others: list[str], verdict: Verdict) -> None:
    tools = [
        found(Family.MECHANICS, Severity.HIGH, "ghost_keys"),
        found(Family.MECHANICS, Severity.REVIEW, "scripted_focus"),
    ]
    assert verdict_of([*tools, *(found(Family.MECHANICS, Severity.REVIEW, rule) for rule in others)]) is verdict


@given(st.lists(findings, max_size=6), findings)
def test_more_evidence_never_lowers_a_score(evidence: list[Finding], more: Finding) -> None:
    assert total_score([*evidence, more]) >= total_score(evidence)
    for family in Family:
        assert family_score([*evidence, more], family) >= family_score(evidence, family)


@given(st.lists(findings, max_size=8))
def test_scores_are_shares_and_weak_families_are_capped(evidence: list[Finding]) -> None:
    assert 0 <= total_score(evidence) <= 1
    assert all(family_score(evidence, family) <= CAP for family in CAPPED)


order = {Verdict.CLEAR: 0, Verdict.REVIEW: 1, Verdict.STRONG: 2}
sound = findings.filter(lambda finding: finding.family is not Family.INTEGRITY)


@given(st.lists(sound, max_size=6), sound)
def test_more_evidence_never_lowers_the_verdict(evidence: list[Finding], more: Finding) -> None:
    assert order[verdict_of([*evidence, more])] >= order[verdict_of(evidence)]
