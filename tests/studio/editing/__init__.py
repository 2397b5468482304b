"""Tests of xisuan: studio/editing."""
