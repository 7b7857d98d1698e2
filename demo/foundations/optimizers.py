"""The chapter `optimizers` of the foundations: seven of them race down a surface."""

from dataclasses import dataclass

from demo.asked import BadRequest, answering, choice_in, count_in, seed_in
from demo.code_view import Part, literal
from demo.foundations.surface_map import digits, map_surface, place_in
from demo.foundations.values import NumberError, number_in
from demo.lab_source import Excerpts
from demo.words import say
from models.ideas import racing, surfaces
from models.ideas.racing import OPTIMIZERS, RULES, Path, arrival, losses_along, race
from models.ideas.slopes import kind_of
from models.ideas.surfaces import NEAR, SURFACES

LEAST_STEPS, MOST_STEPS = 10, 100
LEAST_RATE, MOST_RATE = 1e-4, 10.0


@dataclass(frozen=True)
class Settings:
    """What the chapter is set to."""

    surface: str
    names: list[str]  # of those who race, each once
    start: tuple[float, float]
    learning_rate: float
    steps: int
    seed: int  # of SGD's draws, where the loss is over points


def settings_in(asked: dict) -> Settings:
    """The settings of a request. Raises LabError."""
    name = choice_in(asked, "surface", SURFACES)
    steps = count_in(asked, "steps", MOST_STEPS + 1)
    if steps < LEAST_STEPS:
        raise NumberError(LEAST_STEPS, MOST_STEPS)
    return Settings(
        surface=name,
        names=names_in(asked),
        start=place_in(asked, SURFACES[name]),
        learning_rate=number_in(asked, "learning_rate", LEAST_RATE, MOST_RATE),
        steps=steps,
        seed=seed_in(asked),
    )


def names_in(asked: dict) -> list[str]:
    """Those who race, in the order of the table. Raises BadRequest."""
    names = asked.get("names")
    if not isinstance(names, list) or len(names) > len(OPTIMIZERS):
        raise BadRequest
    if not all(isinstance(name, str) and name in OPTIMIZERS for name in names):
        raise BadRequest
    return [name for name in OPTIMIZERS if name in names]


@answering
def race_optimizers(asked: dict) -> dict:
    """{"surface", "names", "x", "y", "learning_rate", "steps", "seed"}: a path for each name.

    A path has the places and losses after each step, the start first; the step at which it
    arrived or exploded, null where it did not; and what lies at its end: "slope", "minimum", ….
    """
    wanted = settings_in(asked)
    surface = SURFACES[wanted.surface]
    seed = wanted.seed if surface.is_mean else None
    paths = race(
        surface.height, wanted.names, wanted.start, wanted.learning_rate, wanted.steps, seed
    )
    told = {name: described(path, wanted.surface) for name, path in paths.items()}
    return {"paths": told, "lowest": surface.lowest, "near": NEAR}


def described(path: Path, name: str) -> dict:
    surface = SURFACES[name]
    losses = losses_along(path, surface.height)
    arrived = arrival(losses, surface.lowest)
    is_over = arrived is not None or path.exploded is not None
    return {
        "x": [digits(x) for x, _ in path.places],
        "y": [digits(y) for _, y in path.places],
        "losses": [digits(loss) for loss in losses],
        "arrived": arrived,
        "exploded": path.exploded,
        "end": None if is_over else kind_of(surface.height, path.places[-1]),
    }


HANDLERS: tuple = (map_surface, race_optimizers)

# ---- The code -------------------------------------------------------------------------------


def parts(asked: dict, language: str) -> list[Part]:
    """The script of what the chapter shows by these settings. Raises LabError."""
    wanted, chosen = settings_in(asked), choice_in(asked, "chosen", OPTIMIZERS)
    source = Excerpts()
    height, rule = SURFACES[wanted.surface].height.__name__, RULES[chosen].__name__
    codes = {
        "idea_optimizers_code_surface": source.take(surfaces, height),
        "idea_optimizers_code_race": source.take(racing, "race", "losses_along", "arrival"),
        "idea_optimizers_code_hand": source.take(racing, rule, "walk"),
        "idea_optimizers_code_run": running(wanted, chosen),
    }
    source.modules |= {"json"}
    about = Part(say("idea_optimizers_gist", language), "\n" + source.import_lines())
    return [about, *(Part(say(key, language), code) for key, code in codes.items())]


def running(wanted: Settings, chosen: str) -> str:
    """Races, prints how each one ends, then how far the formula is from torch.optim."""
    surface = SURFACES[wanted.surface]
    draws, shares = "", ""
    if surface.is_mean:
        draws, shares = (
            "draws = Generator().manual_seed(seed)\n",
            ", shares_of(chosen, step, draws)",
        )
    return RUN.format(
        height=surface.height.__name__,
        rule=RULES[chosen].__name__,
        names=f"[{', '.join(map(literal, wanted.names))}]",
        start=wanted.start,
        learning_rate=wanted.learning_rate,
        steps=wanted.steps,
        lowest=surface.lowest,
        seed=wanted.seed if surface.is_mean else None,
        chosen=literal(chosen),
        draws=draws,
        shares=shares,
    )


RUN = """\
names = {names}
start, learning_rate, steps = {start}, {learning_rate}, {steps}
seed, lowest = {seed}, {lowest}
paths = race({height}, names, start, learning_rate, steps, seed)
for name, path in paths.items():
    losses = losses_along(path, {height})
    facts = {{"loss": losses[-1], "arrived": arrival(losses, lowest), "exploded": path.exploded}}
    print(json.dumps({{"name": name, "end": path.places[-1], **facts}}))

chosen = {chosen}
{draws}

def seen_in_step(x: Tensor, y: Tensor, step: int) -> Tensor:
    return {height}(x, y{shares})


by_hand = walk({rule}, seen_in_step, start, learning_rate, steps)
by_torch = race({height}, [chosen], start, learning_rate, steps, seed)[chosen]
ours, theirs = (torch.tensor(one.places, dtype=torch.float64) for one in (by_hand, by_torch))
print(json.dumps({{"apart": (ours - theirs).abs().max().item()}}))"""
