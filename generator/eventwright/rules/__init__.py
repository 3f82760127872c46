"""Rules about a whole spec, and what each of them is for."""
