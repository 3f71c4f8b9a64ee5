"""The glossary: the dashboard's terms, each defined once, also for the explanations beside headings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class GlossaryTerm:
    """A word with its meaning. `question` is what somebody asks who does not know it; `page` of the help says more."""

    word: str
    question: str
    meaning: str
    page: str


GLOSSARY: Final[Mapping[str, GlossaryTerm]] = {
    "study": GlossaryTerm(
        "Study",
        "What is a study?",
        "A writing task with its items, instructions, platform, reward and rules.",
        "studies",
    ),
    "item": GlossaryTerm("Item", "What is an item?", "One source text that workers read and write about.", "studies"),
    "place": GlossaryTerm(
        "Place",
        "What is a place?",
        "Room for one submission. A study has as many places as items times workers per item.",
        "studies",
    ),
    "condition": GlossaryTerm(
        "Condition",
        "What is a condition?",
        "A variant of the task page, drawn at random for each worker, so that variants can be compared.",
        "studies",
    ),
    "worker": GlossaryTerm(
        "Worker",
        "Who is a worker?",
        "A person on a platform, known in each study by a name that cannot be turned back into the platform's id.",
        "privacy",
    ),
    "writing-session": GlossaryTerm(
        "Writing session",
        "What is a writing session?",
        "One worker writing about one item, from consent to submission.",
        "recorder",
    ),
    "event-log": GlossaryTerm(
        "Event log",
        "What is an event log?",
        "What the worker's browser recorded while the text was written: keys, changes of the text, pastes, absences.",
        "recorder",
    ),
    "submission": GlossaryTerm(
        "Submission",
        "What is a submission?",
        "The final text that a worker sent, with its log and its report.",
        "dashboard",
    ),
    "origin": GlossaryTerm(
        "Origin",
        "What is an origin?",
        "How a character came into the text: typed, pasted from the item, pasted from elsewhere, put there by a "
        "script, and so on. Every character has exactly one.",
        "report",
    ),
    "without-typing": GlossaryTerm(
        "Share without typing",
        "What does “without typing” mean?",
        "The part of the final text that was not typed: pasted from elsewhere, inserted by a tool, or of unknown "
        "origin. Some of it is usual, such as spelling corrections.",
        "report",
    ),
    "report": GlossaryTerm("Report", "What is a report?", "What the analysis of one submission says.", "report"),
    "finding": GlossaryTerm(
        "Finding",
        "What is a finding?",
        "One rule of the analysis that fired, with what was seen, where, and how often it fires on honest writers. It "
        "says how text came, not who thought of it.",
        "findings",
    ),
    "verdict": GlossaryTerm(
        "Verdict",
        "What is a verdict?",
        "What the findings of a submission add up to: strong, review, unverifiable or clear. It is about the log, not "
        "about the worker, and nothing is decided by it.",
        "report",
    ),
    "flagged": GlossaryTerm(
        "Flagged",
        "What does “flagged” mean?",
        "The verdict is strong or review: somebody should look. Honest texts are flagged too.",
        "report",
    ),
    "replay": GlossaryTerm(
        "Replay",
        "What is the replay?",
        "The writing session played back from its log, as edits in time.",
        "report",
    ),
    "decision": GlossaryTerm(
        "Decision",
        "What is a decision?",
        "What a reviewer says of a submission. It pays and rejects nobody by itself.",
        "dashboard",
    ),
    "false-alarm": GlossaryTerm(
        "False alarm",
        "What is a false alarm?",
        "A finding on an honest text. Each finding states how often that was measured, and in which data.",
        "evaluation",
    ),
    "classifier": GlossaryTerm(
        "Classifier",
        "What is the classifier?",
        "A model that judges by its words whether a text reads like a language model's. It is trained for one study, "
        "and misjudges honest writers too.",
        "text",
    ),
    "reference-text": GlossaryTerm(
        "Reference text",
        "What is a reference text?",
        "A text about an item that a language model wrote on request, to train the classifier with.",
        "text",
    ),
    "estimator": GlossaryTerm(
        "Estimator",
        "What is an estimator?",
        "A way to compute from the data how many texts were written by a language model. Each has its own assumptions, "
        "so the estimates differ.",
        "prevalence",
    ),
    "interval": GlossaryTerm(
        "95 % interval",
        "What is the interval?",
        "The range in which the true share plausibly lies, if the estimator's assumptions hold.",
        "prevalence",
    ),
    "sensitivity": GlossaryTerm(
        "Sensitivity",
        "What is sensitivity?",
        "Of the texts that a language model wrote, the share that a test finds.",
        "prevalence",
    ),
    "specificity": GlossaryTerm(
        "Specificity",
        "What is specificity?",
        "Of the texts that people wrote themselves, the share that a test does not flag.",
        "prevalence",
    ),
    "kappa": GlossaryTerm(
        "Cohen's kappa",
        "What is kappa?",
        "How much two reviewers agree beyond chance: 0 is what chance would give, 1 is full agreement.",
        "dashboard",
    ),
    "self-report": GlossaryTerm(
        "Self-report",
        "What is a self-report?",
        "What a worker answers, after submitting, about the use of a language model.",
        "prevalence",
    ),
    "payment-action": GlossaryTerm(
        "Payment action",
        "What is a payment action?",
        "An approval, rejection, bonus, message or exclusion that waits until a person sends it to the platform.",
        "platforms",
    ),
    "exclusion": GlossaryTerm(
        "Exclusion",
        "What is an exclusion?",
        "A worker may not take part in your further studies. What they have done and are owed stays.",
        "dashboard",
    ),
}
"""By key, which is also the anchor on the glossary page."""
