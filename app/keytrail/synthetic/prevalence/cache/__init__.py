"""Figures of whole studies that take time to work out: kept until what they rest on changes, and never shown as newer.

Pages show what is kept, say of which moment it is, and have it worked out anew beside the server. Commands and the API
wait for figures of now.
"""

from keytrail.synthetic.prevalence.cache.kinds import CONDITIONS, JOINT, PREVALENCE, CacheKey, FigureKind, cache_key
from keytrail.synthetic.prevalence.cache.lookup import CachedFigures, look_up
from keytrail.synthetic.prevalence.cache.refresh import begin_refresh, current_figures, refresh_figures

__all__ = [
    "CONDITIONS",
    "JOINT",
    "PREVALENCE",
    "CacheKey",
    "CachedFigures",
    "FigureKind",
    "begin_refresh",
    "cache_key",
    "current_figures",
    "look_up",
    "refresh_figures",
]
