"""Every rule that can fire, whichever part of the program finds it, with its title."""

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
"""By id. The dashboard's filters list them in this order, and the API's schema names their ids."""


def rule_title(rule: str) -> str:
    """A finding's short name. A report of an older version may have a rule that is gone: its id in words."""
    return RULES[rule].title if rule in RULES else rule.replace("_", " ").capitalize()
