"""Lexicon, quantities and time phrases of Chinese and English bulletins."""
