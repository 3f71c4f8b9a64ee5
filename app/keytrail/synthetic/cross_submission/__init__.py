"""Compare a study's submissions with each other and add findings to their reports."""

from keytrail.synthetic.cross_submission.cohort import COHORT_OUTLIER
from keytrail.synthetic.cross_submission.findings import compare_submissions
from keytrail.synthetic.cross_submission.operators import SHARED_RHYTHM, operators_of
from keytrail.synthetic.cross_submission.same_text import SAME_TEXT

__all__ = ["COHORT_OUTLIER", "SAME_TEXT", "SHARED_RHYTHM", "compare_submissions", "operators_of"]
