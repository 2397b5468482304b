"""Tests of xisuan: tracking/targets."""
