"""From views to text, and from text to the disk."""
