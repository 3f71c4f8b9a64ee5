"""Workers: the list of a study, single workers, an owner's exclusions."""
