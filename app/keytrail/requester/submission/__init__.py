"""One submission: the coloured text, the evidence, the replay, the decision."""
