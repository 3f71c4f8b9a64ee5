"""Show cached estimates at once, and refresh them in the background."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import BackgroundTasks, Depends
from sqlalchemy.orm import Session

from keytrail.models import Study
from keytrail.synthetic.prevalence.cache import (
    CachedFigures,
    FigureKind,
    begin_refresh,
    cache_key,
    look_up,
    refresh_figures,
)
from keytrail.synthetic.prevalence.cache.kinds import Found
from keytrail.web.services import CurrentServices, Now, ReadSession, Services


@dataclass(frozen=True)
class FigureCache:
    """Return cached estimates; outdated ones are recomputed after the response."""

    db: Session
    services: Services
    now: datetime
    after: BackgroundTasks

    def look(self, kind: FigureKind[Found], *studies: Study) -> CachedFigures[Found]:
        """Return the cached estimates of these studies together, current or not."""
        cached = look_up(self.db, kind, studies, self.now)
        if cached.due:
            subject = cache_key(kind, studies)
            # With background work elsewhere 'keytrail worker' finds what has begun.
            refresh = refresh_figures if self.services.settings.background == "inside" else begin_refresh
            self.after.add_task(refresh, self.services.database, subject, self.services.clock)
        return cached


def _figure_cache(db: ReadSession, services: CurrentServices, now: Now, after: BackgroundTasks) -> FigureCache:
    return FigureCache(db, services, now, after)


CurrentFigureCache = Annotated[FigureCache, Depends(_figure_cache)]
