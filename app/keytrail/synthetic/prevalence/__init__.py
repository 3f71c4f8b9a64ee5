"""How much of a stored study was written by language models, and what its conditions changed."""
