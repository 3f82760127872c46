"""Measures eventwright and what it generates beside other libraries, in one run: `python -m bench`."""
