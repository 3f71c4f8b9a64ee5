"""The page of one submission: coloured text, evidence, replay, decision."""
