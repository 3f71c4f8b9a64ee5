"""The reasons that reviewers choose from. Here, because a command lists them without loading the database."""

from collections.abc import Mapping

from keytrail.language import Message, message

OTHER = "other"
"""The reason that needs a note."""

# Ids are stored, words are shown; never give an id another meaning.
REASONS: Mapping[str, Message] = {
    "typed_throughout": message("The text was typed here"),
    "small_insertions": message("Only small parts arrived without typing"),
    "own_notes": message("Probably own text, written in another editor"),
    "accessibility": message("Dictation, input aids or another accepted way of writing"),
    "text_from_elsewhere": message("Text arrived from elsewhere"),
    "no_typing": message("Text arrived without typing"),
    "copied_from_item": message("Passages of the item were copied"),
    "log_incomplete": message("The recording is incomplete"),
    "off_task": message("Not an answer to the task"),
    OTHER: message("Another reason"),
}
