"""How often the rules are wrong about honest people, counted on labelled sessions."""
