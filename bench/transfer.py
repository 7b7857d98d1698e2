"""How long the page's comparison takes: three ways, ten examples each, with all looks on the way.

    python -m bench.transfer

Prints CPU seconds a way and in all, on one thread, without loading MNIST and the teacher.
"""

import time

import torch

from models.data import load_mnist
from models.teachers import load_teacher
from models.transfer import WAYS, Transfer, learn


def seconds(way: str) -> float:
    """CPU seconds of one run to its end, all figures measured."""
    began = time.process_time()
    for _standing in learn(Transfer(way, examples=10)):
        pass
    return time.process_time() - began


def main() -> None:
    torch.set_num_threads(1)
    load_mnist(), load_teacher(Transfer.teacher)
    taken = {way: seconds(way) for way in WAYS}
    for way, took in taken.items():
        print(f"{way:8} {took:.1f} s")
    print(f"{'in all':8} {sum(taken.values()):.1f} s")


if __name__ == "__main__":
    main()
