"""Help for those who write a spec: what it has, and changes to it that keep everything else in it as it is."""
