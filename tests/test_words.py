"""Every word comes from the tables, in every language, and none stands in code."""

import ast
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from demo.words import FOLDER, WORDS, language_of, say

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"
SCRIPTS = sorted(DEMO.rglob("*.js"))
MARKUP = sorted(DEMO.rglob("*.html"))
MODULES = sorted(path for path in DEMO.rglob("*.py") if path.name != "theme.py")  # names fonts
# These speak on a terminal before there is a page, in English as the command line does.
TERMINAL = {"options.py", "cannot_start.py", "whole_page.py"}
# What PyTorch says when its memory is short.
FOREIGN = {"could not create a primitive", "could not execute a primitive"}
CHINESE = re.compile("[\u4e00-\u9fff]")
GAP = re.compile(r"\{(\w+)\}")
IN_A_ROW = re.compile(r"(?<![\w.#-])[A-Za-z']{2,}(?: [A-Za-z']{2,}){2,}(?![\w(-])")  # words


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def test_all_languages_have_the_same_keys():
    assert {"en", "zh"} <= WORDS.keys()
    for table in WORDS.values():
        assert list(table) == list(WORDS["en"])


@pytest.mark.parametrize("language", WORDS)
def test_no_key_stands_twice_in_a_table(language):
    text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    assert len(json.loads(text, object_pairs_hook=list)) == len(WORDS[language])


def test_a_sentence_has_the_same_gaps_in_all_languages():
    def gaps(key: str) -> set:
        return {frozenset(GAP.findall(table[key])) for table in WORDS.values()}

    assert not [key for key in WORDS["en"] if len(gaps(key)) > 1]


@pytest.mark.parametrize("language", WORDS)
def test_nothing_is_shouted(language):
    assert not [text for text in WORDS[language].values() if "!" in text or "！" in text]


# ---- Filling and choosing -------------------------------------------------------------------


def test_a_sentence_is_filled_in_the_language_asked_for():
    assert say("sure", "en", percent=96) == "96 % sure"
    assert say("sure", "zh", percent=96) == "96 % 确定"


def test_an_unknown_key_and_a_missing_detail_still_give_a_sentence():
    assert say("no_such_key", "en") == WORDS["en"]["something_wrong"]
    assert say("next", "en") == "next: –"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh", "zh"),
        ("de-DE,zh;q=0.5", "zh"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr", "en"),
        ("", "en"),
        (None, "en"),
        (";;,,=", "en"),
    ],
)
def test_the_first_language_that_has_a_table_is_taken(header, language):
    assert language_of(header) == language


# ---- No words in code -----------------------------------------------------------------------


class Texts(HTMLParser):
    """Collects what a page would show or say by itself, and the keys that it names."""

    SHOWN = {"aria-label", "title", "placeholder", "alt", "value", "label"}
    SHOWN |= {"aria-description", "aria-roledescription", "aria-valuetext", "aria-placeholder"}
    SAME = {"math", "code"}  # a formula and a line of PyTorch are the same in all languages

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts, self.keys, self.inside = [], [], 0
        self.feed(markup)

    def handle_data(self, data):
        if not self.inside:
            self.texts.append(data.strip())

    def handle_endtag(self, tag):
        self.inside -= tag in self.SAME

    def handle_starttag(self, tag, attributes):
        self.inside += tag in self.SAME
        for name, value in attributes:
            if name in self.SHOWN:
                self.texts.append(value)
            if name.startswith("data-word"):
                self.keys.append(value)


def without_comments(script: str) -> str:
    return re.sub(r"(?m)(^|\s)//.*$", "", script)


def spoken_strings(source: str) -> list[str]:
    """String constants of a module that read like a sentence, docstrings and errors' own aside.

    The sentence of a LabError is for the command line; the page says it by its key.
    """
    tree = ast.parse(source)
    aside = {part for node in ast.walk(tree) if is_aside(node) for part in ast.walk(node)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    texts = [node.value for node in constants if node not in aside and isinstance(node.value, str)]
    return [text for text in texts if is_spoken(text)]


def is_aside(node: ast.AST) -> bool:
    """Whether a part of a module holds no words of the page: docstrings, errors, options' help."""
    match node:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.ClassDef():
            return any(ast.unparse(base).endswith("Error") for base in node.bases)
        case ast.Assign(targets=[ast.Name(id="sentence")]) | ast.keyword(arg="help"):
            return True
        case ast.Call():
            return bool(re.search("Error$|^Unknown", ast.unparse(node.func)))
    return False


def is_spoken(text: str) -> bool:
    is_code = re.search(r"[=(\[{#]|:$|^git |^ {4}", text)  # a script to take home, a command
    in_a_row = IN_A_ROW.search(text) and not is_code
    return bool(in_a_row or re.match(r"[A-Z][a-z']+( |$)", text) or CHINESE.search(text))


@pytest.mark.parametrize("path", MARKUP, ids=names(MARKUP))
def test_no_word_stands_in_the_markup(path):
    texts = Texts(path.read_text(encoding="utf-8")).texts
    assert not [text for text in texts if re.search("[A-Za-z\u4e00-\u9fff]", text)]


# Where a script says something on the page by itself.
TOLD = "textContent|innerText|innerHTML|nodeValue|title|placeholder|alt|value|label"
TOLD += "|ariaLabel|ariaDescription|ariaRoleDescription|ariaValueText|ariaPlaceholder"
SPOKEN = "aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt"
PLACED = "append|prepend|before|after|replaceChildren|replaceWith|createTextNode|insertAdjacentText"
QUOTED = r"""(["'`])((?:(?!\1).)*)\1"""
WAYS_TO_SAY = (
    rf"\.(?:{TOLD})\s*\+?=\s*{QUOTED}",
    rf"\b(?:textContent|innerText|title|placeholder|alt|aria[A-Z]\w+): {QUOTED}",
    rf"""setAttribute\(\s*["'](?:{SPOKEN})["'],\s*{QUOTED}""",
    rf"(?:{PLACED})\([^()\[\]]*?{QUOTED}",
)


def said_by_script(script: str) -> list[str]:
    """Words that a script has itself, and does not take from the tables."""
    script = without_comments(script)
    told = [text for way in WAYS_TO_SAY for _, text in re.findall(way, script)]
    strings = [text for _, text in re.findall(QUOTED, script)]
    told = [text for text in told if text not in WORDS["en"]]
    found = [text for text in told if re.search("[A-Za-z]{2}", without_code(text))]
    found += [text for text in strings if re.match("[A-Z][a-z]", text)]
    found += [text for text in strings if IN_A_ROW.search(without_code(text))]
    return found + CHINESE.findall(script)


def without_code(text: str) -> str:
    """A template without what is computed in it and the names of figures."""
    return re.sub(r"\$\{[^}]*\}|SSIM|MSE", "", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=names(SCRIPTS))
def test_no_sentence_stands_in_a_script(path):
    assert said_by_script(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        'place.textContent = "ready";',
        "place.title = `${count} drawings`;",
        'Object.assign(document.createElement("img"), { alt: "a digit" });',
        'field.setAttribute("aria-label", "width");',
        'row.append(button, "or");',
        'const told = "Nothing yet";',
        'lab.tell("press the button again");',
        "const name = '数字';",
    ],
)
def test_a_planted_word_in_a_script_is_found(planted):
    assert said_by_script(planted)


ON_THE_PAGE = [path for path in MODULES if path.name not in TERMINAL]


@pytest.mark.parametrize("path", ON_THE_PAGE, ids=names(ON_THE_PAGE))
def test_no_sentence_stands_in_a_module(path):
    assert set(spoken_strings(path.read_text(encoding="utf-8"))) <= FOREIGN


@pytest.mark.parametrize(
    "planted",
    [
        'def told():\n    return "Done"',
        'REPLY = {"error": "try again in a moment"}',
        'def told(count):\n    return f"there are {count} of them and no more"',
        'NAME = "数字"',
    ],
)
def test_a_planted_sentence_in_a_module_is_found(planted):
    assert spoken_strings(planted)


# ---- Keys -----------------------------------------------------------------------------------


def keys_of_scripts() -> set[str]:
    script = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    patterns = [
        r'\bsay\("(\w+)"',
        r'setWord\([^,]+, "(\w+)"',
        r'error: "(\w+)"',
        r'Error\("(\w+)"\)',
    ]
    return {key for pattern in patterns for key in re.findall(pattern, script)}


def keys_of_errors() -> set[str]:
    """First arguments of the errors that can reach the page."""
    sources = [*MODULES, *(ROOT / "models" / f"{name}.py" for name in ("picture", "data"))]
    sources.append(ROOT / "models" / "checkpoint.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    found = set(re.findall(r'(?:Picture|Data|Checkpoint)Error\(\s*"(\w+)"', text))
    return found - {"file_not_written"}  # the page keeps nothing


def test_every_key_that_code_names_has_a_sentence():
    markup = [key for path in MARKUP for key in Texts(path.read_text(encoding="utf-8")).keys]
    assert markup
    assert keys_of_scripts()
    assert keys_of_errors()
    assert {*markup, *keys_of_scripts(), *keys_of_errors()} <= WORDS["en"].keys()


def is_of_chapter(key: str, code: str) -> bool:
    """Whether a key is idea_CHAPTER, or that and one or two names that stand in the code."""
    start, _, rest = key.partition("_")
    chapter, _, rest = rest.partition("_")
    steps = rest.split("_")
    pairs = [("_".join(steps[:at]), "_".join(steps[at:])) for at in range(1, len(steps) + 1)]
    known = [all(f'"{name}"' in code for name in pair if name) for pair in pairs]
    return start == "idea" and f'"{chapter}"' in code and (not rest or any(known))


def test_every_sentence_is_used():
    paths = [*MARKUP, *SCRIPTS, *MODULES, *(ROOT / "models").glob("*.py")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    # by a prefix and the answer's reason; from a table of pens; by step; by the trial's outcome
    built = ("reason_", "pen_", "step_", "trial_")
    # by the key of a noise, a unit, a cleaner; by what cleaning did
    built += ("noise_", "unit_", "cleaner_", "clean_nearer", "clean_farther")
    built += ("clean_helped", "clean_hurt", "clean_both", "clean_neither")
    # by a setting of the recipe and its choice; by the length of a training
    built += ("train_set_", "train_network_", "train_optimizer_", "train_activation_")
    built += ("train_init_", "train_loss_", "train_schedule_", "train_augment_", "train_noise_")
    built += ("train_cost_",)
    # by the key of an experiment and of an answer: tests/test_train_presets.py
    built += ("train_preset_",)
    # by what a file is needed for
    built += ("amiss_part_",)
    # by the key of a section of the Transfer tab
    built += ("transfer_part_",)
    # by a way, a block, a teacher and a figure of the three ways' table
    built += ("transfer_way_", "transfer_short_", "transfer_noun_", "transfer_block_")
    built += ("transfer_taught_", "transfer_figure_")
    # by the key of a head, of a network for photographs, and of a drawn example
    built += ("photos_head_", "photos_backbone_", "photos_example_")
    # by the way a pupil learns; by what was taught
    built += ("symbols_head_", "symbols_code_", "network_taught_")
    # by a tab; by a step of the walk
    built += ("purpose_", "try_", "tour_")
    # by the key of an entry of the book's path, and of what fails today: tests/test_path.py
    built += ("path_",)
    unused = [key for key in WORDS["en"] if f'"{key}"' not in code and f".{key}" not in code]
    unused = [key for key in unused if not is_of_chapter(key, code)]
    assert [key for key in unused if not key.startswith(built)] == []
