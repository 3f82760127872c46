"""From YAML to declarations: the spec as it is written, nothing looked up yet."""
