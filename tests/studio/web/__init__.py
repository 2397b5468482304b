"""Tests of xisuan: studio/web."""
