"""The shapes of payments in the JSON API, version 1."""

from pydantic import BaseModel, Field

from keytrail.platform_actions.action_list import ActionLine


class ActionShape(BaseModel):
    """One action that was or is to be asked of the platform."""

    action: int = Field(description="The action's number; name it to preview and send.")
    kind: str
    state: str
    submission: str = Field(description="The submission's id, or what else the action is about.")
    item: str
    worker: str = Field(description="The worker's pseudonym in this study.")
    amount: str
    fee: str
    message: str = Field(description="What the worker is told.")
    outcome: str
    tries: int
    can_send: bool

    @classmethod
    def from_line(cls, line: ActionLine) -> "ActionShape":
        """From an action in words."""
        return cls(
            action=line.id,
            kind=line.kind,
            state=line.state,
            submission=line.about,
            item=line.item,
            worker=line.worker,
            amount=line.amount,
            fee=line.fee,
            message=line.reason,
            outcome=line.outcome,
            tries=line.tries,
            can_send=line.can_send,
        )


class PreviewShape(BaseModel):
    """What sending would do. Send back `fingerprint` to confirm exactly this."""

    summary: str = Field(description="In words, such as “Pay 12.40 USD to 10 workers”.")
    fingerprint: str
    workers: int
    amount: str
    fees: str
    total: str
    balance: str = Field(description="Of the platform's account; empty where it cannot be asked.")
    within_budget: bool
    actions: list[ActionShape]
    rejections: list[ActionShape]
    blocked: list[ActionShape] = Field(description="Cannot be sent now: sent meanwhile, or done by hand.")


class SentShape(BaseModel):
    """What became of one action. `sent_elsewhere`: it was sent before, or is being sent by somebody else."""

    action: int
    state: str
    outcome: str
    sent_elsewhere: bool
