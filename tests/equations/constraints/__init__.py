"""Tests of xisuan: equations/constraints."""
