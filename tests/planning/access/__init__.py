"""Tests of xisuan: planning/access."""
