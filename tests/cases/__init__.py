"""Converters: third-party cases with known answers, written as scenario folders of the public format."""
