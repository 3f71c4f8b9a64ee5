"""The frame of every dashboard page: navigation, tabs, breadcrumbs, the signed-in user."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keytrail.models import Role, Study, StudyState, User

# The document of the help that a tab's pages are explained in.
HELP_OF_TAB: Mapping[str, str] = {
    "overview": "dashboard",
    "queue": "report",
    "submissions": "report",
    "prevalence": "prevalence",
    "workers": "dashboard",
    "items": "studies",
    "platform": "platforms",
    "payments": "platforms",
    "export": "dashboard",
    "settings": "studies",
    "people": "dashboard",
}


@dataclass(frozen=True)
class Link:
    """A navigation link; `current` marks the page itself."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class Frame:
    """The signed-in user, the page's location, and the study's own pages if it belongs to one.

    `help` is the document that explains the page; empty for the list of all.
    """

    user_name: str
    trail: Sequence[Link] = ()
    tabs: Sequence[Link] = ()
    study_title: str = ""
    study_slug: str = ""
    demo: bool = False
    archived: bool = False
    help: str = ""
    role: str = ""


def frame(user: User, *trail: Link) -> Frame:
    """Return the frame of a page that belongs to no study."""
    return Frame(user_name=user.name, trail=trail)


def _is_own_draft(study: Study, role: Role) -> bool:
    return study.state == StudyState.DRAFT and role == Role.OWNER


def study_frame(user: User, study: Study, role: Role, current: str, *trail: Link) -> Frame:
    """Return the frame of a page of a study; `current` names the tab, `trail` the path after the study.

    A page of a trial stands beside the checklist of its draft, whose `trial_of` must be loaded.
    """
    if study.trial_of_id is not None and study.trial_of is not None:
        study, role, current = study.trial_of, Role.OWNER, "checklist"
    home = f"/studies/{study.slug}"
    tabs = [
        *([Link("Checklist", f"{home}/checklist", current == "checklist")] if _is_own_draft(study, role) else []),
        Link("Overview", f"{home}/overview", current == "overview"),
        Link("Queue", f"{home}/queue", current == "queue"),
        Link("Submissions", home, current == "submissions"),
        Link("Prevalence", f"{home}/prevalence", current == "prevalence"),
        Link("Workers", f"{home}/workers", current == "workers"),
        Link("Items", f"{home}/items", current == "items"),
    ]
    tabs += [
        Link("Platform", f"{home}/platform", current == "platform"),
        Link("Payments", f"{home}/payments", current == "payments"),
    ]
    if role != Role.VIEWER:
        tabs.append(Link("Export", f"{home}/export", current == "export"))
    if role == Role.OWNER:
        tabs.append(Link("Settings", f"{home}/settings", current == "settings"))
        tabs.append(Link("People", f"{home}/people", current == "people"))
    return Frame(
        user_name=user.name,
        trail=(Link(study.title, f"{home}/overview"), *trail),
        tabs=tabs,
        study_title=study.title,
        study_slug=study.slug,
        demo=study.demo,
        archived=study.archived_at is not None,
        help=HELP_OF_TAB.get(current, ""),
        role=role,
    )
