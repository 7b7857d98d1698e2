"""The loop of a training script: an epoch's batches, each step, and the line that it ends with."""

from demo.code_view import literal
from demo.training_steps import WEIGHTS, Run
from models.optimizers import OPTIMIZERS


def batches(run: Run) -> str:
    """One epoch's batches of indices, as code."""
    feeding = OPTIMIZERS[run.recipe.optimizer].batches
    size = "len(images)" if feeding == "whole" else run.recipe.batch_size
    if feeding == "drawn":
        return f"torch.randperm(len(images), generator=order).split({size})"
    return f"torch.arange(len(images)).split({size})"


def setting_rate(run: Run) -> list[str]:
    """The learning rate of a step, where it is not the optimiser's own all the time."""
    recipe, lines = run.recipe, []
    rate = literal(recipe.learning_rate)
    if recipe.rate_changes:
        lines, rate = ["rate = rates.get(step, rate)"], "rate"
    if run.schedule:
        total = "steps" if run.last == run.total else run.total
        rate = f"{rate} * {run.schedule}((step + 0.5) / {total})"
    changes = recipe.rate_changes or run.schedule
    return [*lines, f'optimizer.param_groups[0]["lr"] = {rate}'] if changes else []


def feeding(run: Run) -> list[str]:
    """A batch's inputs and targets."""
    recipe = run.recipe
    if recipe.is_cleaner:
        level = literal(recipe.noise_level)
        spoiled = f"inputs = {run.noise}(targets, {level}, variation)"
        return ["targets = to_batch(images[indices])", spoiled]
    lines = ["inputs, targets = to_batch(images[indices]), labels[indices]"]
    return lines + ["inputs = vary(inputs, targets, variation)"] * bool(recipe.augment)


def looping(run: Run) -> str:
    """All epochs, each of which says how it went."""
    reads = not run.recipe.is_cleaner
    lines = [f"step, steps, an_epoch = 0, {run.last}, {run.an_epoch}"]
    if changes := run.recipe.rate_changes:
        lines += [f"rate = {literal(run.recipe.learning_rate)}"]
        lines += ["rates = {", *(f"    {at}: {to!r}," for at, to in dict(changes).items()), "}"]
    lines += ["while step < steps:", "    network.train()"]
    lines += [f"    loss_sum, count{', right, seen' * reads} = 0.0, 0{', 0, 0' * reads}"]
    lines += [f"    for indices in {batches(run)}:"]
    inner = [*setting_rate(run), *feeding(run), *stepping(run)]
    return "\n".join([*lines, *(f"        {line}" for line in inner), *telling(run)])


def stepping(run: Run) -> list[str]:
    """The step, and what it adds to the epoch's sums."""
    reads = not run.recipe.is_cleaner
    outputs = "outputs" if reads else "_"
    lines = [
        f"loss, {outputs} = {run.step}(network, loss_function, optimizer, inputs, targets)",
        "loss_sum += float(loss)",
        "count += 1",
    ]
    if reads:
        lines += ["right += int((outputs.argmax(1) == targets).sum())", "seen += len(targets)"]
    lines += ["step += 1"]
    ends_within = run.last % run.an_epoch
    return lines + ["if step == steps:", "    break"] * bool(ends_within)


def telling(run: Run) -> list[str]:
    """The line that an epoch ends with, and the file that the run ends with."""
    facts = {"epoch": "step / an_epoch", "loss": "loss_sum / count"}
    if not run.recipe.is_cleaner:
        facts["train_accuracy"] = "right / seen"
        facts["test_accuracy"] = "accuracy(network, test_images, test_labels)"
    lines = ["    facts = {", *(f'        "{name}": {fact},' for name, fact in facts.items())]
    lines += ["    }", "    print(json.dumps(facts), flush=True)"]
    return [*lines, f'torch.save(network.state_dict(), "{WEIGHTS}")']
