"""How long what is stored is kept: erasing, retention and the rounds that see to it."""
