"""Prompts for reference texts: the worker's own instructions first, then other ways in which people ask for such a
text.

One prompt alone gives references of one kind; people who use a language model ask in many ways.
"""

from collections.abc import Mapping
from types import MappingProxyType

from keytrail.errors import NotFound

PROMPTS: Mapping[str, str] = MappingProxyType(
    {
        "task": "{instructions}\n\n{item}",
        "simple": "Summarise the text below in simple words, in {least} to {most} words.\n\n{item}",
        "layperson": (
            "I have no time to read this. Tell me what it says so that somebody who knows nothing of the subject "
            "understands it, in one paragraph of about {middle} words.\n\n{item}"
        ),
        "own_words": (
            "Here is what I have to do:\n{instructions}\n\nWrite it for me in your own words, as if a person had "
            "written it. Give only the text.\n\n{item}"
        ),
        "chunks": (
            "Go through the text below part by part, note the main point of each part, then join the points into one "
            "running summary of {least} to {most} words. Give only the summary.\n\n{item}"
        ),
        "rewrite": (
            "Rewrite the text below so that it is shorter ({least} to {most} words), says the same and shares no "
            "sentence with it.\n\n{item}"
        ),
    }
)
"""By id, in the order in which they are used."""


def ask_for(prompt: str, *, instructions: str, item: str, words: tuple[int, int]) -> str:
    """Return the message to be sent. Raises NotFound for an unknown prompt."""
    if prompt not in PROMPTS:
        raise NotFound(f"There is no prompt {prompt!r}.")
    least, most = words
    return PROMPTS[prompt].format(
        instructions=instructions.strip(), item=item.strip(), least=least, most=most, middle=(least + most) // 2
    )
