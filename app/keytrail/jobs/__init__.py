"""Background work, beside answering requests: in the server's own process, or by `keytrail worker`."""

from keytrail.jobs.background_work import BackgroundWork

__all__ = ["BackgroundWork"]
