"""All rules that can fire, from the core and outside it, with their titles."""

from collections.abc import Mapping
from typing import Final

from keytrail.provenance.rules.catalogue import RULES as CORE_RULES
from keytrail.provenance.rules.rule import Rule
from keytrail.review.analysis.copies import COPIED_LOG
from keytrail.synthetic.cross_submission import COHORT_OUTLIER, SAME_TEXT, SHARED_RHYTHM
from keytrail.synthetic.training.judgement import READS_SYNTHETIC

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule for rule in (*CORE_RULES, COPIED_LOG, SAME_TEXT, SHARED_RHYTHM, COHORT_OUTLIER, READS_SYNTHETIC)
}
"""By id. The dashboard's filters use this order, and the API's schema lists the ids."""


def rule_title(rule: str) -> str:
    """Return a finding's short name. For a rule that no longer exists, its id in words."""
    return RULES[rule].title if rule in RULES else rule.replace("_", " ").capitalize()
