"""What only shows when a study's submissions are set beside each other."""

from app.synthetic.across.cohort import COHORT_OUTLIER
from app.synthetic.across.noting import note_across
from app.synthetic.across.operators import SHARED_RHYTHM, operators_of
from app.synthetic.across.same_text import SAME_TEXT

__all__ = ["COHORT_OUTLIER", "SAME_TEXT", "SHARED_RHYTHM", "note_across", "operators_of"]
