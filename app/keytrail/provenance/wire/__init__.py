"""Wire format 1: the events, their shapes, and how they are read."""
