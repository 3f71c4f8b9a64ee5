"""Figures of whole studies that take time to work out: kept until what they rest on changes, and never shown as newer.

Pages show what is kept, say of which moment it is, and have it worked out anew beside the server. Commands and the API
wait for figures of now.
"""

from keytrail.synthetic.kept.kinds import CONDITIONS, JOINT, PREVALENCE, Kind, Subject, subject_of
from keytrail.synthetic.kept.looking import Kept, look
from keytrail.synthetic.kept.working import bring_up_to_date, worked_out

__all__ = [
    "CONDITIONS",
    "JOINT",
    "PREVALENCE",
    "Kept",
    "Kind",
    "Subject",
    "bring_up_to_date",
    "look",
    "subject_of",
    "worked_out",
]
