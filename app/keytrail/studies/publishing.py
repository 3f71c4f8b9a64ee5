"""Publish a draft so that the study accepts workers: requirements, and what a person must confirm."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from keytrail.errors import Conflict
from keytrail.models import AuditAction, Item, Study, StudyState, User
from keytrail.platforms.money import money
from keytrail.provenance.formatting import count
from keytrail.studies.trials import delete_trials
from keytrail.users.audit_log import record_action

_CONTACT = re.compile(r"\w@[\w-]+\.\w|https?://|\btel\b|\d[\d ()/-]{6,20}\d", re.IGNORECASE)


@dataclass(frozen=True)
class ChecklistPoint:
    """One thing to see to before publishing.

    `required`: without it nothing is published. What is neither done nor required is confirmed with the sentence
    `confirmation`.
    """

    name: str
    title: str
    done: bool
    explanation: str
    required: bool = False
    confirmation: str = ""


def checklist(db: Session, study: Study) -> Sequence[ChecklistPoint]:
    """What a study needs, in the order in which one sets it up."""
    items = db.scalar(select(func.count()).where(Item.study_id == study.id)) or 0
    contact = bool(study.contact or _CONTACT.search(study.consent))
    return (
        ChecklistPoint(
            "items",
            "Items",
            items > 0,
            f"{count(items, 'item')}, {count(study.places_per_item, 'worker')} each."
            if items
            else "There are no items yet. Add at least one: it is what workers read.",
            required=True,
        ),
        ChecklistPoint(
            "institution",
            "Requester",
            bool(study.institution),
            "Workers read who the requester is."
            if study.institution
            else "Workers are not told who the requester is. Enter the institution, or your name.",
            required=True,
        ),
        ChecklistPoint(
            "contact",
            "Contact",
            contact,
            "Workers read whom to write to or call."
            if contact
            else "Neither the settings nor the consent name an e-mail address, telephone number or link. Enter one: "
            "workers, and most ethics boards, expect somebody to ask.",
            required=True,
        ),
        ChecklistPoint(
            "ethics_number",
            "Ethics approval",
            bool(study.ethics_number),
            "Workers read the number of the approval, or that there is none."
            if study.ethics_number
            else "Workers are not told whether an ethics board has approved the study. Enter its number, or “none”.",
            required=True,
        ),
        ChecklistPoint(
            "retention",
            "How long data are kept",
            bool(study.retention),
            "Workers read how long what is recorded is kept."
            if study.retention
            else "Workers are not told how long what is recorded is kept. Enter it: most ethics boards and the GDPR "
            "ask for it.",
            required=True,
        ),
        ChecklistPoint(
            "reward",
            "Reward",
            study.reward_cents > 0,
            f"Each worker gets {money(study.reward_cents, study.currency)}."
            if study.reward_cents
            else "The reward is 0: workers are paid nothing through this study.",
            confirmation="Publish with a reward of 0",
        ),
    )


def publish_study(db: Session, study: Study, user: User, now: datetime, confirmed: Collection[str] = ()) -> None:
    """Let workers into a draft and delete its trials.

    Raises Conflict if it is none, lacks items, or something is not confirmed.
    """
    if study.state != StudyState.DRAFT:
        raise Conflict("This study is published already.", code="published_already")
    undone = [point for point in checklist(db, study) if not point.done]
    missing = [point for point in undone if point.required or point.name not in confirmed]
    if missing:
        raise Conflict(f"Nothing was published. {_sentences(missing)}", code="checklist_open")
    detail = {"from": study.state, "to": StudyState.OPEN}
    record_action(db, AuditAction.SET_STATE, now, user_id=user.id, study_id=study.id, detail=detail)
    study.state = StudyState.OPEN
    delete_trials(db, study)


def require_published(study: Study) -> None:
    """Raises Conflict for a draft: its workers would be turned away."""
    if study.state == StudyState.DRAFT:
        raise Conflict(
            "This study is a draft, so workers would be turned away. Publish it first, on its Checklist page or with "
            "'keytrail study publish'.",
            code="draft",
        )


def _sentences(points: Sequence[ChecklistPoint]) -> str:
    return " ".join(
        point.explanation if point.required else f"{point.explanation} Change it, or confirm: “{point.confirmation}”."
        for point in points
    )
