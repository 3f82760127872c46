"""Code that does not depend on a spec; copied into every generated package as `runtime`."""
