"""Set up studies: home, the study form, items."""
