"""Dash pages."""
