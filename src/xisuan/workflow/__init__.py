"""Workflows that combine verbs: the result of one is the input of the next."""
