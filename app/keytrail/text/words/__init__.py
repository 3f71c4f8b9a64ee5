"""Words of a text: normalisation, tokens, style, and what is copied from its item."""
