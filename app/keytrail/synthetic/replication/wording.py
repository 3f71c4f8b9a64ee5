"""The sentences of the replication's page that no figure is part of."""

HEAD = """# The 2023 studies, replicated

How much of two crowdsourced summarising tasks was written by language models: the study by Veselovsky, Ribeiro and West
(2023, MTurk) and its follow-up (Veselovsky et al., 2025, Prolific), done again with Keytrail from their own files. The
labels that the classifier is measured against come from the keystroke logs: by a language model if at least half of the
text came from outside after the item or the task was copied out; not by one if hardly any did and nothing was copied
out; what lies between is left out. Such labels are evidence, not truth."""

MISSED = """Bounds were set on the whole data sets; these figures are for the rows at hand, where one or two texts
decide."""

SPLITS_TOLD = """The figures on field texts are means over three splits of the generations, so that no lucky split is
reported; one text more or less moves the false alarms on Prolific by 1.5 %, and their interval is wide.
"Half as references" is what `keytrail score` does: two models, each with the other's examples as its references.
"All as references" also looks up the generations that a model was trained on, which is no leak when the texts judged
are none of them, but is not done in the product."""

DIFFERENCES = """\
- The paper's 33-46 % are two thresholds on one classifier without an interval. Ours is one estimate from two
  imperfect tests, the log and the text, over both studies together, with the uncertainty of both tests in it; that
  is why it is wider.
- The paper fine-tuned e5-base on summaries of the same abstracts. Ours is a logistic regression on class runs,
  style and the likeness to references, evaluated on other abstracts than those it was trained on. The field texts
  are about abstracts that it was trained on, as the paper's were.
- A paste is not a language model. Nearly half of the MTurk pasters pasted passages of the abstract only, which we
  report apart; such texts count as not synthetic here, although their style cannot be judged.
- The authors' paste rule looks for "Control v", "paste", "Meta v" or "Unidentified" in the keys. The last is how
  phones name any key; it is counted above as theirs and not used by us.
- The published figures rest on 48 and 158 or 161 submissions, ours on the rows at hand. The lab material is smaller
  too: 11 of 16 abstracts.
- The logs of 2023 have no caret and no input events. Origins are found by aligning the final text with the pastes
  and with the keys, as if every key acted where the typist last was, at the end of the text; every report that
  makes this assumption says so (`by_alignment`), and what neither explains is `unknown`.
- The Prolific file names no workers, so every row counts as a worker of its own. Suspected operators (several
  worker ids, one rhythm) are not looked for here; intervals that resample operators would be wider for MTurk.
"""

LIMITS = """\
- A classifier misjudges honest writers: the threshold for 1 % false alarms is set so that one honest text in a
  hundred like those trained on reads synthetic; in another study it may be more. People who write in a language
  that is not their first are misjudged more often. The score alone decides nothing.
- Somebody who retypes a language model's text from another screen counts as typing. The log tells how the
  characters came, not who thought of them.
- The labels from logs and the two-test estimate share one assumption: given who wrote a text, the log and the
  classifier err independently.
- All synthetic training texts are by one model of 2023. Later models write differently; make new references.
"""
