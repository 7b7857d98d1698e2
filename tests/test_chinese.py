"""The Chinese table is written in Chinese, by one hand: its terms, its marks, its form of address.

The terms are those of the study notes that the lab follows; where a word of English has one term,
every entry that has the word has the term.
"""

import re

import pytest

from demo.words import WORDS

ENGLISH, CHINESE = WORDS["en"], WORDS["zh"]
HAN = "[\u4e00-\u9fff]"
GAP = re.compile(r"\{\w+\}")
NOT_WORDS = {"language_code"}  # the code that browsers know a language by
# What is written alike in both languages: names, and what one types.
ALIKE = {"Adam", "Sigmoid", "tanh", "ReLU"}
ALIKE |= {"nn.Module", "nn.Sequential", "autograd.Function", "torch.optim"}
ALIKE |= {"EfficientNet-Lite0", "MobileNetV3-Small", "ResNet-18"}
COMMAND = re.compile(r"\b(?:pip|python|git) [\x20-\x7e]+|--[a-z-]+")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?:,? [A-Za-z]{2,}){2,}")
HALF_WIDTH = re.compile(rf"{HAN}[,;:?!.()\"']|[,;:?!()\"']{HAN}")
# A word of English -> what says it in Chinese, one of several where the use decides.
TERMS = {
    # the study notes' own
    r"forward propagation|forward pass": ["前向传播"],
    r"backward propagation|backward pass": ["后向传播"],
    r"underfitting": ["欠拟合"],
    r"overfitting": ["过拟合"],
    r"learning rate": ["学习速率"],
    r"\bautoencoder": ["自动编码器"],
    r"negative transfer": ["负迁移"],
    r"mosaic": ["马赛克"],
    r"gradient descent": ["梯度下降"],
    r"gradient": ["梯度"],
    r"activation": ["激活"],
    r"\bbias": ["偏置"],
    r"local optimum": ["局部最优"],
    r"augment": ["数据增强"],
    # of networks and their training
    r"\bnoise\b": ["噪声"],
    r"optimiser": ["优化器"],
    r"\bepochs?\b": ["轮"],
    r"\bweights?\b": ["权重"],
    r"weight decay": ["权重衰减"],
    r"batch size": ["批量大小"],
    r"batch norm": ["批归一化"],
    r"first weights|initialisation": ["初始"],
    r"hidden (layer|unit)": ["隐藏"],
    r"feature maps?": ["特征图"],
    r"convolution": ["卷积"],
    r"cross-entropy": ["交叉熵"],
    r"standard deviation": ["标准差"],
    r"probabilit": ["概率"],
    r"\bclamp": ["截断"],
    r"threshold": ["阈值"],
    r"\bseeds?\b": ["种子"],
    r"test set": ["测试集"],
    r"training images?": ["训练图像"],
    r"test images?": ["测试图像"],
    r"test digits?": ["测试数字"],
    r"confusion": ["混淆矩阵"],
    r"log scale": ["对数坐标"],
    r"fine-tun": ["微调"],
    r"from scratch": ["从头"],
    r"frozen": ["冻结"],
    r"\bteacher": ["老师"],
    r"\bblocks?\b": ["块"],
    r"\bexamples?\b": ["样本"],
    # of the lab
    r"\bink\b": ["笔迹"],
    r"drawing surface|\bsheet\b": ["画板"],
    r"photograph": ["照片"],
    r"\bsymbols?\b": ["符号"],
    r"recipe": ["配方"],
    r"\bpx\b": ["像素"],
    r"\bdB\b": ["分贝"],
}


def without_gaps(text: str) -> str:
    return GAP.sub("", text)


def test_a_chinese_entry_is_chinese():
    with_words = {key for key in ENGLISH if re.search("[A-Za-z]{2}", without_gaps(ENGLISH[key]))}
    latin = {key for key in with_words - NOT_WORDS if not re.search(HAN, CHINESE[key])}
    assert not [(key, CHINESE[key]) for key in latin if CHINESE[key] not in ALIKE]


def test_what_is_alike_in_both_languages_is_the_same_text():
    alike = [key for key, text in CHINESE.items() if text in ALIKE]
    assert alike
    assert [ENGLISH[key] for key in alike] == [CHINESE[key] for key in alike]


def test_an_english_entry_is_not_chinese():
    assert not [key for key, text in ENGLISH.items() if re.search(HAN, text)]


def english_in(text: str) -> list[str]:
    """What reads as English: three words and more in a row that are no command."""
    return SENTENCE.findall(COMMAND.sub("。", without_gaps(text)))


def test_no_english_sentence_is_left_in_a_chinese_entry():
    left = {key: english_in(text) for key, text in CHINESE.items()}
    assert not {key: found for key, found in left.items() if found}


@pytest.mark.parametrize("planted", ["请先 press the button", "运行：Draw, then answer 再试"])
def test_a_planted_english_sentence_is_found(planted):
    assert english_in(planted)


def test_chinese_sentences_have_chinese_marks():
    found = {key: HALF_WIDTH.findall(text) for key, text in CHINESE.items()}
    assert not {key: marks for key, marks in found.items() if marks}


def test_the_visitor_is_addressed_in_one_way():
    assert not [key for key, text in CHINESE.items() if "你" in text]


@pytest.mark.parametrize("english", TERMS)
def test_a_term_is_the_same_wherever_it_stands(english):
    word = re.compile(english, re.IGNORECASE)
    keys = [key for key, text in ENGLISH.items() if word.search(without_gaps(text))]
    assert keys
    said = {key: CHINESE[key] for key in keys}
    assert not {
        key: text for key, text in said.items() if not any(term in text for term in TERMS[english])
    }
