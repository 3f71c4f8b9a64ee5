"""Words: one form of a text, its tokens, and what stands in its item too."""
