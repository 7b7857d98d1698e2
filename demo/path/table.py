"""Every idea and program of the book, in its order, and where in the lab each one runs."""

from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class Place:
    """Somewhere in the lab, and what is set there when it is opened."""

    tab: str  # draw, denoise, train or transfer
    target: str  # the data-testid of what is brought into view
    names: tuple[str, ...]  # word keys: what stands there, below the tab's own name
    chapter: str | None = None  # of the foundations
    part: str | None = None  # of the Transfer tab
    press: str | None = None  # the data-testid of a button that chooses what is shown
    network: str | None = None  # that reads
    recipe: dict[str, object] = field(default_factory=dict)  # laid over the network's best one
    cleaning: dict[str, object] = field(default_factory=dict)  # the noise and who cleans it
    is_folded: bool = False  # until it is opened

    @property
    def host(self) -> str:
        """The name of the HTML file that it is in."""
        return self.chapter or self.part or ("latent" if self.is_folded else self.tab)

    def as_json(self) -> dict:
        return {
            "tab": self.tab,
            "target": self.target,
            "names": [f"tab_{self.tab}", *self.names],
            "chapter": self.chapter,
            "part": self.part,
            "press": self.press,
            "network": self.network,
            "recipe": self.recipe or None,
            "cleaning": self.cleaning or None,
            "isFolded": self.is_folded,
        }


@dataclass(frozen=True)
class Entry:
    """An idea or a program: what it is about says path_KEY_is, its name path_KEY."""

    key: str
    place: Place
    also: tuple[Place, ...] = ()
    today: tuple[str, ...] = ()  # names in demo/path/today.py: what fails or misleads now

    @property
    def address(self) -> str:
        """What the page's address ends with where this is opened."""
        place = self.place
        asked = {"tab": place.tab, "chapter": place.chapter, "part": place.part, "path": self.key}
        return "?" + urlencode({name: value for name, value in asked.items() if value})


def chapter(key: str, section: str | None = None) -> Place:
    """A chapter of the foundations, or one of its sections."""
    names = (f"idea_{key}", *((f"idea_{section.replace('-', '_')}",) if section else ()))
    return Place("train", section or f"chapter-{key}", names, chapter=key)


def rung(key: str) -> Place:
    """A rung of the ladder."""
    names = ("idea_ladder", f"idea_ladder_{key}")
    return Place("train", "chapter-ladder", names, chapter="ladder", press=f"ladder-rung-{key}")


def training(network: str, **settings: object) -> Place:
    """Training on digits, by the book's recipe."""
    recipe = {"network": network, **settings}
    return Place("train", "train-form", ("train_part_digits",), recipe=recipe)


def cleaning(cleaner: str, noise: str = "gaussian", level: float = 0.5) -> Place:
    """A digit under noise, unless told otherwise the book's."""
    chosen = {"cleaner": cleaner, "noise": noise, "level": level}
    return Place("denoise", "clean-three", ("clean_title",), cleaning=chosen)


LATENT = Place("denoise", "latent", ("latent_title",), is_folded=True)
COMPARE = Place("transfer", "transfer-compare", ("transfer_part_compare",), part="compare")
SAMPLES = Place("draw", "samples", ("samples_title",), network="book_cnn")

IDEAS: tuple[Entry, ...] = (
    Entry("workflow", chapter("data", "data-steps")),
    Entry("fitting", chapter("fitting")),
    Entry("propagation", chapter("microscope")),
    Entry("loss", chapter("loss")),
    Entry("optimising", chapter("rate"), (chapter("plane"),)),
    Entry("gradient", chapter("gradient")),
    Entry("optimizers", chapter("optimizers")),
    Entry("bias", chapter("bias")),
    Entry("activation", chapter("activations")),
    Entry("autograd", rung("autograd"), (chapter("microscope"),), ("variable", "data_update")),
    Entry("layers", rung("named"), (rung("sequential"),)),
    Entry("losses", chapter("loss"), (rung("sequential"),)),
    Entry("optim", rung("optim"), (chapter("optimizers"),)),
    Entry("transforms", chapter("data", "data-transforms"), today=("scale",)),
    Entry("loader", chapter("data", "data-batch")),
    Entry("autoencoder", LATENT, (cleaning("denoiser", "mosaic", 4),)),
    Entry("transfer", COMPARE),
)
PROGRAMS: tuple[Entry, ...] = (
    Entry("program_1", rung("tensors"), (chapter("bug"),), ("clamped",)),
    Entry("program_2", rung("autograd"), today=("better", "variable")),
    Entry("program_3", rung("module"), (rung("function"),), ("backward", "parameters")),
    Entry("program_4", rung("sequential"), (rung("named"),)),
    Entry("program_5", rung("optim")),
    Entry(
        "program_6",
        chapter("data", "data-batch"),
        (chapter("data", "data-spelling"),),
        ("normalize", "normalize_today", "scale"),
    ),
    Entry(
        "program_7",
        training("book_cnn", optimizer="adam", epochs=5, batch_size=64),
        (SAMPLES,),
        ("divided", "dropout"),
    ),
    Entry(
        "program_8",
        cleaning("linear_autoencoder"),
        (training("linear_autoencoder", optimizer="adam", epochs=10, batch_size=4),),
        ("preview", "inputs"),
    ),
    Entry(
        "program_9",
        cleaning("conv_autoencoder"),
        (training("conv_autoencoder", optimizer="adam", epochs=5, batch_size=64),),
        ("cuda",),
    ),
)
ENTRIES = IDEAS + PROGRAMS  # in the book's order
