"""Cache study-level estimates; invalidate when their inputs change.

Pages show cached estimates with their time and have new ones computed in a child process. Commands and the API wait for
current estimates.
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
