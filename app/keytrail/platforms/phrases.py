"""Phrases for workers about their platform; a direct link has no marketplace."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrases:
    """Whole sentences, except for two button labels.

    `reopen` is for a damaged link, `leave` for a visit without work, `returning` for the last page.
    """

    reopen: str
    not_accepted: str
    preview: str
    leave: str
    returning: str
    stopping: str
    no_consent: str
    hand_over: str
    hand_over_button: str
    handing_over: str
    go_back: str
    go_back_button: str
    enter_code: str


MARKETPLACE = Phrases(
    reopen="Open the task from your marketplace again.",
    not_accepted="The task has not been accepted yet. Accept it in your marketplace first.",
    preview="Accept the task in your marketplace first, then you can begin.",
    leave="Please return the task; this does not count against you.",
    returning="Please return the task in your marketplace, or close this page.",
    stopping="Your text and everything recorded with it is then deleted, and you return the task in your marketplace.",
    no_consent="That is all right: nothing was recorded, and it does not count against you. One step is left, so that "
    "the marketplace knows.",
    hand_over="One step is left: hand it over to your marketplace, so that it counts as submitted there.",
    hand_over_button="Hand over to the marketplace",
    handing_over="Handing it over to your marketplace…",
    go_back="One step is left: go back to your marketplace, so that it counts as submitted there.",
    go_back_button="Finish at the marketplace",
    enter_code="Enter this code in your marketplace:",
)
OWN_LINK = Phrases(
    reopen="Open the link that you were sent again.",
    not_accepted="Open the link that you were sent first.",
    preview="Open the link that you were sent, then you can begin.",
    leave="You can close this page; this does not count against you.",
    returning="You can close this page.",
    stopping="Your text and everything recorded with it is then deleted.",
    no_consent="That is all right: nothing was recorded, and it does not count against you.",
    hand_over="One step is left: hand it over, so that it counts.",
    hand_over_button="Hand over",
    handing_over="Handing it over…",
    go_back="One step is left: go on to the page that confirms your participation.",
    go_back_button="Go on",
    enter_code="Keep this code. It confirms your participation:",
)
