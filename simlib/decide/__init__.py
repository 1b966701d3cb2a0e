"""From figures to decisions: which design is better, how surely, and what would change the answer."""
