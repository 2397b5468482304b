"""Tests of xisuan: decisions/confidence."""
