"""Which submissions to show, in which order, and how they are found."""
