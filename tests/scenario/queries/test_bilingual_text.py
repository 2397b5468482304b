"""Sentences and the Chinese beside them."""

from __future__ import annotations

import xisuan as xs
from tests.scenario.folder import made
from xisuan.scenario.queries.bilingual_text import chinese


def test_a_sentence_without_a_chinese_one_is_left_out(tmp_path):
    folder = made(
        tmp_path,
        sources_csv="source,title,title_zh,publisher\na,A book,一本书,us\nb,Another,,us\n",
        estimates_csv="table,key,column,how,how_zh\ndemand,east/web,units,guessed,估计\n",
    )
    assert chinese(xs.load(folder)) == {"A book": "一本书", "guessed": "估计"}


def test_where_two_differ_the_first_counts(tmp_path):
    both = "demand,east/web,units,guessed,估计\ndemand,west/web,units,guessed,猜测\n"
    folder = made(tmp_path, estimates_csv=f"table,key,column,how,how_zh\n{both}")
    assert chinese(xs.load(folder)) == {"guessed": "估计"}
