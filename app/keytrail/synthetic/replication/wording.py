"""Wording of the replication page: its fixed sentences, without figures."""

HEAD = """# Replication of the 2023 studies

How much of two crowdsourced summarising tasks was written by language models: the study by Veselovsky, Ribeiro and West
(2023, MTurk) and its follow-up (Veselovsky et al., 2025, Prolific), replicated from their published files.

The classifier is evaluated against labels from the keystroke logs. A text is labelled as a language model's if at least
half of it came from outside after the item or the task was copied out, and as not a model's if hardly any did and
nothing was copied out. Texts between the two are left out. Such labels are evidence, not truth."""

MISSED = """Bounds were set on the whole data sets; these figures are for the available rows, where one or two texts
decide."""

SPLITS_TOLD = """The figures on field texts are means over three splits of the generations, so that no lucky split is
reported. One text more or less changes the false alarms on Prolific by 1.5 %, and their interval is wide.

- "Half as references" is what `keytrail score` does: two models, each with the other's examples as its references.
- "All as references" also uses the generations that a model was trained on. This is no leak for texts that are none of
  them, but the product does not do it."""

DIFFERENCES = """\
- **Estimate.** The paper's 33-46 % are two thresholds on one classifier without an interval. Ours is one estimate from
  two imperfect tests, the log and the text, over both studies together. It includes the uncertainty of both tests and
  is therefore wider.
- **Classifier.** The paper fine-tuned e5-base on summaries of the same abstracts. Ours is a logistic regression on
  class n-grams, style and similarity to references, evaluated on abstracts that it was not trained on. The field texts
  are about abstracts that it was trained on, as the paper's were.
- **Pastes.** A paste is not a language model. Nearly half of the MTurk pasters pasted passages of the abstract only,
  which we report separately. Such texts count as not synthetic here, although their style cannot be assessed.
- **Paste rule.** The authors' rule looks for "Control v", "paste", "Meta v" or "Unidentified" in the keys. The last is
  how phones name any key; it is counted above as theirs and not used by us.
- **Data.** The published figures are from 48 and 158 or 161 submissions, ours from the available rows. The lab material
  is smaller too: 11 of 16 abstracts.
- **Alignment.** The logs of 2023 have no caret and no input events. Origins are found by aligning the final text with
  the pastes and the keys, as if every key acted at the end of the text. Every report that makes this assumption says so
  (`by_alignment`), and text that neither explains is `unknown`.
- **Workers.** The Prolific file names no workers, so every row counts as a separate worker. Suspected operators
  (several worker ids, one rhythm) are not searched for here; intervals that resample operators would be wider for
  MTurk.
"""

LIMITS = """\
- A classifier misjudges honest writers: the threshold for 1 % false alarms is set so that one honest text in a
  hundred like those trained on reads synthetic; in another study it may be more. People who write in a language
  that is not their first are misjudged more often. The score alone decides nothing.
- Retyping a language model's text from another screen counts as typing. The log records how characters were entered,
  not who thought of them.
- The labels from logs and the two-test estimate share one assumption: given who wrote a text, the log and the
  classifier err independently.
- All synthetic training texts are by one model of 2023. Later models write differently; generate new references.
"""
