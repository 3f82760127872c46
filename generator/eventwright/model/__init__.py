"""What a spec means, resolved and checked. Every output is made from it."""
