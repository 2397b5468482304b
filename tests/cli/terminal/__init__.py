"""Tests of xisuan: cli/terminal."""
