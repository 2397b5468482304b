"""Tests of xisuan: scenario/reading."""
