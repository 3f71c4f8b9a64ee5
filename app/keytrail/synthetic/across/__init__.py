"""What only shows when a study's submissions are set beside each other."""

from keytrail.synthetic.across.cohort import COHORT_OUTLIER
from keytrail.synthetic.across.noting import note_across
from keytrail.synthetic.across.operators import SHARED_RHYTHM, operators_of
from keytrail.synthetic.across.same_text import SAME_TEXT

__all__ = ["COHORT_OUTLIER", "SAME_TEXT", "SHARED_RHYTHM", "note_across", "operators_of"]
