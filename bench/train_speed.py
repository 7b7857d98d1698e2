"""CPU seconds to 99 % of the test set: the live recipe beside two plain loops, one thread each.

`python -m bench.train_speed` trains `small_cnn` by its own recipe from fresh seeds, its length
fixed beforehand; then `small_cnn` and the book's network in the book's loop (a DataLoader of PIL
images, batches of 64, Adam), measured each half epoch until they are there. Loading the files and
measuring are not counted. The book's loop takes some ten minutes; --without-book leaves it out.
"""

import argparse
import time
from collections.abc import Iterator
from statistics import mean, median, stdev

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import v2

from models.data import BookMNIST, load_mnist
from models.engine import new_network, train, training_step
from models.measure import accuracy
from models.recipe import Recipe, best_recipe

GOAL = 0.99  # of the test set
FIRST_SEED = 1_000  # seeds that no recipe was chosen on
MOST_EPOCHS = 8  # of a plain loop


def live(seeds: int) -> list[float]:
    """CPU seconds of each fresh seed's run; says what each reached."""
    taken, reached = [], []
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        *_, last = train(best_recipe("small_cnn", seed=seed))
        taken.append(last.cpu_seconds)
        reached.append(last.test_accuracy)
        print(f"  seed {seed}: {last.test_accuracy:.2%} in {last.cpu_seconds:.2f} s", flush=True)
    there = sum(one >= GOAL for one in reached)
    spread = f" ± {stdev(reached):.2%}" if seeds > 1 else ""
    print(f"small_cnn by its recipe: {there} of {seeds} seeds reach {GOAL:.0%}", end=", ")
    print(f"{mean(reached):.2%}{spread}; median {median(taken):.2f} CPU s", flush=True)
    return taken


def plain_steps(network: nn.Module) -> Iterator[int]:
    """The book's loop: a number a step, that of the steps in an epoch."""
    to_tensor = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    loader = DataLoader(BookMNIST(transform=to_tensor), batch_size=64, shuffle=True)
    optimizer = torch.optim.Adam(network.parameters())
    for _ in range(MOST_EPOCHS):
        for images, labels in loader:
            network.train()
            training_step(network, nn.functional.cross_entropy, optimizer, images, labels)
            yield len(loader)


def plain(name: str, seed: int) -> float | None:
    """CPU seconds of the plain loop until the goal, None where it never got there."""
    network, mnist = new_network(Recipe(name, seed=seed)), load_mnist()
    taken, began = 0.0, time.process_time()
    for step, an_epoch in enumerate(plain_steps(network), 1):
        if step % (an_epoch // 2):
            continue
        taken += time.process_time() - began
        reached = accuracy(network, mnist.test_images, mnist.test_labels)
        print(f"  {step / an_epoch:.1f} epochs: {reached:.2%} after {taken:.0f} s", flush=True)
        if reached >= GOAL:
            return taken
        began = time.process_time()
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--without-book", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    load_mnist()
    ours = median(live(options.seeds))
    for name in ["small_cnn"] + ["book_cnn"] * (not options.without_book):
        print(f"{name} in the book's loop", flush=True)
        theirs = plain(name, FIRST_SEED)
        if theirs is None:
            print(f"{name}: not at {GOAL:.0%} after {MOST_EPOCHS} epochs", flush=True)
        else:
            print(
                f"{name} in the book's loop: {theirs:.0f} CPU s, {theirs / ours:.0f} ×", flush=True
            )


if __name__ == "__main__":
    main()
