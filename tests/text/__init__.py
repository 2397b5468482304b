"""Tests of xisuan: text."""
