"""How texts read and how much of a study that makes."""
