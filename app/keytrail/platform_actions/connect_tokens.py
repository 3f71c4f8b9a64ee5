"""Idempotency tokens for Connect: one a try, so that a try after a refusal is not taken for its repeat."""

from datetime import datetime, timedelta

from keytrail.platform_actions.action_snapshot import ActionSnapshot, Checkpoint

# Connect forgets a token after 24 hours.
_TOKEN_LIFE = timedelta(hours=23)


def try_token(snapshot: ActionSnapshot, checkpoint: Checkpoint, now: datetime) -> str:
    """The token of this try, stored before it is used; that of the interrupted try where one is taken up again."""
    known = snapshot.external_ref.partition(" ")[0]
    fresh = now - snapshot.first_sent_at < _TOKEN_LIFE
    if snapshot.resumed and known and fresh:
        return known
    token = f"{snapshot.token}-{snapshot.tries}"
    rest = snapshot.external_ref.partition(" ")[2]
    checkpoint({snapshot.action_id: f"{token} {rest}".strip()})
    return token
