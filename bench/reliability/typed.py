"""Values of all types, made by hypothesis: what is put where something else belongs.

gathered(VALUES, 1000, seed) -> a thousand of them, the same for the same seed.
"""

import json

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

HUGE = "@1e400@"  # stands for a number that JSON can spell and a float can't hold
LONG = 3_000  # characters
KEYS = ("path", "url", "meta", "size", "orig_name", "__class__", "data", "key", "value", "")

NUMBERS = st.one_of(
    st.integers(-3, 300),
    st.sampled_from([-(2**63), 2**31, 2**63, 2**64, 10**30, 10**400, -1, 0]),
    st.floats(),
    st.sampled_from([0.1 + 1e-9, 1e308, -1e308, 1e-320, -0.0, HUGE]),
)
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", " ", "digits", "none", "NaN", "0", "-1", "true", "own:x", "taught:x"]),
    st.sampled_from(["../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "app"]),
    # addresses that belong to nobody (RFC 5737): no server of ours may ask for them
    st.sampled_from(["http://127.0.0.1:9/x.png", "http://198.51.100.7/a.png", "\0", "\ud800"]),
    st.sampled_from(["A" * LONG, "{0}", "{x.y}", "%s%n", "<b>x</b>", "';--", "数字"]),
)
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    ),
    max_leaves=8,
)
BYTES = st.binary(max_size=80)


def gathered(strategy: st.SearchStrategy, count: int, seed: int) -> list:
    """So many examples of a strategy; fewer where there are no more."""
    found: list = []

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def take(one: object) -> None:
        found.append(one)

    take()
    return found[:count]


def as_json(value: object) -> bytes:
    """JSON as a hostile caller writes it: with NaN, Infinity and numbers that are too large."""
    return json.dumps(value).replace(f'"{HUGE}"', "1e400").encode()
