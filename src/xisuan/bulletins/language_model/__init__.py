"""Figures proposed by the user's own language model, each checked against the words of the text."""
