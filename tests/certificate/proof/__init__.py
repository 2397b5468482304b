"""Tests of xisuan: certificate/proof."""
