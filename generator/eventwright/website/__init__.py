"""The docs as a site: the pages of one or more specs, a home page in front of them, and what a browser needs."""
