"""What a visitor owns: behind a key, bounded, dropped when nobody uses it; and turns."""

import threading

import pytest

from demo.turns import BusyError, Turns
from demo.visitor import Room, Store


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_thing_is_found_by_its_key_and_by_no_other():
    store = Store()
    key, owner = store.keep("network")
    assert store.find(key) == "network"
    assert store.find(key[:-1]) is None
    assert store.find(owner) is None
    assert store.find("") is None


def test_keys_are_long_and_never_the_same():
    store = Store(most=1_000)
    pairs = [store.keep(number) for number in range(500)]
    assert len({key for pair in pairs for key in pair}) == 1_000
    assert min(len(key) for pair in pairs for key in pair) >= 22  # 128 bits


def test_of_one_visitor_the_least_recently_used_makes_room():
    store = Store(most_each=2)
    first, owner = store.keep("first")
    second, again = store.keep("second", owner)
    assert again == owner
    other, _ = store.keep("somebody else's")
    store.find(first)
    third, _ = store.keep("third", owner)
    found = [store.find(key) for key in (first, second, third, other)]
    assert found == ["first", None, "third", "somebody else's"]


@pytest.mark.parametrize("owner", ["made up", "", 7, None, ["x"], {}], ids=str)
def test_an_owner_is_never_taken_over_from_a_request(owner):
    assert Store().keep("network", owner)[1] != owner


def test_of_all_visitors_the_least_recently_used_makes_room():
    store = Store(most=3)
    keys = [store.keep(number)[0] for number in range(3)]
    store.find(keys[0])
    keys.append(store.keep(3)[0])
    assert [store.find(key) for key in keys] == [0, None, 2, 3]


def test_what_nobody_uses_for_an_hour_is_dropped_and_each_use_begins_the_hour_anew():
    clock = Clock()
    store = Store(life=3_600, clock=clock)
    used, _ = store.keep("used")
    unused, _ = store.keep("unused")
    clock.now = 3_000
    assert store.find(used) == "used"
    clock.now = 3_601
    assert store.find(unused) is None
    assert store.find(used) == "used"
    assert len(store.kept) == 1  # freed, not only hidden


def sized(each: int, all: int, **others: object) -> Store[str]:
    """A store of words, each as many bytes as it has letters."""
    return Store(size=len, room=Room(each, all), most_each=9, **others)


def test_by_bytes_too_the_owner_s_own_oldest_makes_room_first():
    store = sized(each=6, all=100)
    other, _ = store.keep("xxxx")
    first, owner = store.keep("aaa")
    second, _ = store.keep("bbb", owner)
    store.find(first)
    third, _ = store.keep("cc", owner)
    assert [store.has(key) for key in (other, first, second, third)] == [True, True, False, True]


def test_all_visitors_together_stay_within_the_bytes():
    store = sized(each=6, all=10)
    keys = [store.keep(letter * 4)[0] for letter in "abc"]
    assert [store.find(key) for key in keys] == [None, "bbbb", "cccc"]


def test_what_is_larger_than_the_room_is_not_kept_and_takes_nobody_s_place():
    store = sized(each=6, all=100)
    first, owner = store.keep("aaa")
    large, _ = store.keep("x" * 7, owner)
    assert (store.find(first), store.find(large)) == ("aaa", None)


def test_a_key_made_elsewhere_is_kept_as_it_is_and_anew_when_it_comes_again():
    store = sized(each=6, all=100)
    store.keep_as("run", "aaaa", "me")
    store.keep_as("run", "bbbb", "me")
    assert (store.find("run"), store.keys_of("me")) == ("bbbb", ["run"])
    assert store.knows("me")
    assert not store.knows("you")


def test_to_ask_whether_it_is_there_does_not_keep_it():
    clock = Clock()
    store = Store(life=3_600, clock=clock)
    key, owner = store.keep("thing")
    clock.now = 3_000
    assert store.has(key)
    clock.now = 3_601
    assert not store.has(key)
    assert not store.knows(owner)


def test_an_owner_made_by_another_store_is_taken_over_where_the_caller_knows_it():
    store = Store()
    _, owner = store.keep("thing", "of another store", known=True)
    assert owner == "of another store"


def test_many_threads_at_once_leave_the_store_within_its_bounds():
    store = Store(most=8, most_each=2)

    def visit() -> None:
        owner = None
        for number in range(200):
            key, owner = store.keep(number, owner)
            assert store.find(key) in (number, None)

    threads = [threading.Thread(target=visit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.kept) <= 8
    assert max(store.owners().count(owner) for owner in store.owners()) <= 2


# ---- Turns ----------------------------------------------------------------------------------


def test_who_waits_in_vain_is_told_so_and_the_next_gets_through():
    turns = Turns(waiting=1, seconds=0.01)
    with turns.turn(), pytest.raises(BusyError, match="somebody is fine-tuning"), turns.turn():
        pass
    with turns.turn():
        pass


def test_a_full_line_turns_away_at_once():
    turns = Turns(waiting=0, seconds=1e6)
    with turns.turn(), pytest.raises(BusyError), turns.turn():
        pass


def test_a_turn_that_fails_makes_room_for_the_next():
    turns = Turns(waiting=0, seconds=0)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), turns.turn():
            _ = 1 / 0


def test_one_at_a_time():
    turns, inside, most = Turns(waiting=5, seconds=60), [], []

    def work() -> None:
        with turns.turn():
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6
