"""Changes to a spec that keep everything else in it as it is."""
