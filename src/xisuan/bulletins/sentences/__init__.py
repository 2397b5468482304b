"""Sentences, their clauses, and what is named in them."""
