"""A Chinese script's docstrings and comments are Chinese, and its code is the English one's."""

import ast
import base64
import json
import re
from collections.abc import Callable

import pytest

from demo import code_view
from demo.code_view import script
from demo.code_words import CODE_WORDS, in_language, remarks
from demo.foundations import bias, chapters
from demo.panels.clean_code import save_clean_file
from demo.panels.code import save_file
from demo.panels.train_code import save_train_file
from demo.transfer import sections
from demo.transfer.symbols import save_symbols_file
from demo.words import FOLDER, WORDS
from demo.wrapping import columns
from tests.every_script import CLEANINGS, READINGS, SECTIONS, TRAININGS, every_script
from tests.scripts import run_script
from tests.style import assert_house_style
from tests.test_chinese import HALF_WIDTH, HAN, SENTENCE, TERMS

CHINESE = CODE_WORDS["zh"]
SHAPE = re.compile(r"\([^()]*\)|u?int\d+")  # sizes and a number's type: alike in all languages


@pytest.fixture(scope="module")
def codes() -> dict[str, dict[str, str]]:
    """Every script by language and name, without the words above its parts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code_view, "commented", lambda words: "")
        return {language: every_script(language) for language in ("en", "zh")}


def said(*codes: str) -> set[str]:
    """What their remarks say, those left aside that are nothing but a shape."""
    texts = {remark.text for code in codes for remark in remarks(code)}
    return {text for text in texts if re.search("[A-Za-z]{2}", SHAPE.sub("", text))}


def english_in(*codes: str) -> list[str]:
    return [text for text in said(*codes) if not re.search(HAN, text)]


def without_remarks(code: str) -> str:
    """The code as Python understands it, docstrings blank and comments gone."""
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body[0].value.value = ""
    return ast.dump(tree)


# ---- All scripts ----------------------------------------------------------------------------


def test_every_remark_of_a_chinese_script_is_chinese(codes):
    assert english_in(*codes["en"].values())
    assert english_in(*codes["zh"].values()) == []


def test_every_entry_is_used_and_none_is_missing(codes):
    assert CHINESE.keys() == said(*codes["en"].values())


def test_the_code_stays_as_it_is(codes):
    for code in codes["en"].values():
        chinese = in_language(code, "zh")
        assert chinese != code
        assert without_remarks(chinese) == without_remarks(code)


def test_chinese_scripts_are_formatted_and_as_narrow_as_the_labs(tmp_path):
    for at, text in enumerate(every_script("zh").values()):
        (tmp_path / f"{at}.py").write_text(text, encoding="utf-8")
        assert all(columns(line) <= 100 for line in text.splitlines())
    assert_house_style(tmp_path, [["format", "--check"]])


def test_a_chinese_script_prints_what_the_english_one_does():
    settings = SECTIONS["bias"][0]
    english, chinese = (script(bias.parts(settings, one), one) for one in ("en", "zh"))
    assert english != chinese
    assert run_script(english) == run_script(chinese)


NOTEBOOKS: dict[str, tuple[Callable[[dict], dict], dict]] = {
    "reading": (save_file, READINGS[0]),
    "cleaning": (save_clean_file, CLEANINGS[0]),
    "training": (save_train_file, TRAININGS[0]),
    "chapter": (chapters.save_idea_file, {"chapter": "bias", "settings": SECTIONS["bias"][0]}),
    "section": (sections.save_idea_file, {"chapter": "photos", "settings": SECTIONS["photos"][0]}),
    "symbols": (save_symbols_file, {"head": "linear"}),
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_chinese_notebook_is_chinese_too(name):
    save, asked = NOTEBOOKS[name]
    answer = save(asked | {"language": "zh", "file": "notebook"})
    cells = json.loads(base64.b64decode(answer["content"]))["cells"]
    codes = [cell["source"] for cell in cells if cell["cell_type"] == "code"]
    assert said(*codes)
    assert english_in(*codes) == []


# ---- Putting words in place -----------------------------------------------------------------

ENGLISH = '''\
SIDE = 28  # px


def psnr(x):
    """One thing.

    Another that goes on
    in a second line.
    """
    # a remark that fills
    # two lines
    return x  # told
'''
TABLE = {
    "px": "像素",
    "One thing.\n\nAnother that goes on in a second line.": "一件事。\n\n" + "还有另一件，" * 9,
    "a remark that fills two lines": "占满整行的说明，" * 7,
    "told": "（返回）",
}


def test_words_keep_their_place_and_shape(monkeypatch):
    monkeypatch.setitem(CODE_WORDS, "zh", TABLE)
    expected = f'''\
SIDE = 28  # 像素


def psnr(x):
    """一件事。

    {"还有另一件，" * 8}
    还有另一件，
    """
    # {"占满整行的说明，" * 5}占满整行的说
    # 明，占满整行的说明，
    return x  # （返回）
'''
    assert in_language(ENGLISH, "zh") == expected


def test_a_long_docstring_of_one_sentence_is_broken(monkeypatch):
    monkeypatch.setitem(CODE_WORDS, "zh", {"Long.": "很长的一句话，" * 7 + "完。"})
    lines = in_language('def f():\n    """Long."""\n', "zh").splitlines()
    assert lines[1].startswith('    """很长')
    assert lines[2].startswith("    ")
    assert lines[2].endswith('完。"""')
    assert all(columns(line) <= 100 for line in lines)


def test_what_no_table_has_stays_english(monkeypatch):
    assert in_language(ENGLISH, "en") == ENGLISH
    assert in_language(ENGLISH, "fr") == ENGLISH
    monkeypatch.setitem(CODE_WORDS, "zh", {"another": "另一个"})
    assert in_language(ENGLISH, "zh") == ENGLISH


@pytest.mark.parametrize("broken", ["def f(:\n  # px", "x = (  # px", "'''px", "  x\n y  # px"])
def test_what_is_no_python_stays_as_it_is(broken):
    assert in_language(broken, "zh") == broken


# ---- The table ------------------------------------------------------------------------------


def test_there_are_tables_for_the_labs_languages_alone():
    assert CODE_WORDS.keys() <= WORDS.keys() - {"en"}


def test_no_remark_stands_twice_in_the_table():
    text = (FOLDER / "code" / "zh.json").read_text(encoding="utf-8")
    assert len(json.loads(text, object_pairs_hook=list)) == len(CHINESE)


def test_an_entry_has_as_many_paragraphs_and_would_end_no_docstring():
    assert not [text for text in CHINESE.values() if "\\" in text or '"""' in text]
    counts = {english: (english.count("\n"), CHINESE[english].count("\n")) for english in CHINESE}
    assert not [english for english, (one, other) in counts.items() if one != other]


def test_sentences_have_chinese_marks_and_no_english_is_left():
    assert not [text for text in CHINESE.values() if HALF_WIDTH.search(text)]
    assert not [text for text in CHINESE.values() if SENTENCE.search(SHAPE.sub("", text))]
    assert not [text for text in CHINESE.values() if "你" in text or "！" in text]


@pytest.mark.parametrize("english", TERMS)
def test_terms_are_those_of_the_page(english):
    word = re.compile(english, re.IGNORECASE)
    entries = {one: text for one, text in CHINESE.items() if word.search(re.sub("`.*?`", "", one))}
    wrong = [text for text in entries.values() if not any(term in text for term in TERMS[english])]
    assert wrong == []
