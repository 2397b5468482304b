"""Lexicon, quantities, time phrases, and annotated sentences of Chinese and English bulletins."""
