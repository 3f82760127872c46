"""eventwright: a compiler for typed event streams."""
