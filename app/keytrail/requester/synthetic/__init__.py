"""Pages about synthetic text: classifier, prevalence, conditions, power."""
