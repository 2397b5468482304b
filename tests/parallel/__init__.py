"""Tests of xisuan: parallel."""
