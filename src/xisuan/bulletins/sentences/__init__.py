"""Segmentation of text into sentences, and annotation of their clauses and mentions."""
