"""Phrases for workers about their platform; a direct link has no marketplace."""

from dataclasses import dataclass

from keytrail.language import Message, message


@dataclass(frozen=True)
class Phrases:
    """Whole sentences, except for two button labels.

    `reopen` is for a damaged link, `leave` for a visit without work, `returning` for the last page.
    """

    reopen: Message
    not_accepted: Message
    preview: Message
    leave: Message
    returning: Message
    stopping: Message
    no_consent: Message
    hand_over: Message
    hand_over_button: Message
    handing_over: Message
    go_back: Message
    go_back_button: Message
    enter_code: Message


MARKETPLACE = Phrases(
    reopen=message("Open the task from your marketplace again."),
    not_accepted=message("The task has not been accepted yet. Accept it in your marketplace first."),
    preview=message("Accept the task in your marketplace first, then you can begin."),
    leave=message("Please return the task; this does not count against you."),
    returning=message("Please return the task in your marketplace, or close this page."),
    stopping=message(
        "Your text and everything recorded with it is then deleted, and you return the task in your marketplace."
    ),
    no_consent=message(
        "That is all right: nothing was recorded, and it does not count against you. One step is left, so that "
        "the marketplace knows."
    ),
    hand_over=message(
        "One step is left: hand your text over to your marketplace, so that it counts as submitted there."
    ),
    hand_over_button=message("Hand over to the marketplace"),
    handing_over=message("Handing it over to your marketplace…"),
    go_back=message("One step is left: go back to your marketplace, so that it counts as submitted there."),
    go_back_button=message("Finish on the marketplace"),
    enter_code=message("Enter this code in your marketplace:"),
)
OWN_LINK = Phrases(
    reopen=message("Open again the link that you were sent."),
    not_accepted=message("Open the link that you were sent first."),
    preview=message("Open the link that you were sent, then you can begin."),
    leave=message("You can close this page; this does not count against you."),
    returning=message("You can close this page."),
    stopping=message("Your text and everything recorded with it is then deleted."),
    no_consent=message("That is all right: nothing was recorded, and it does not count against you."),
    hand_over=message("One step is left: hand your text over, so that it counts as submitted."),
    hand_over_button=message("Hand over"),
    handing_over=message("Handing it over…"),
    go_back=message("One step is left: go on to the page that confirms your participation."),
    go_back_button=message("Continue"),
    enter_code=message("Keep this code. It confirms your participation:"),
)
