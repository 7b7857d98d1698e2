// The run in numbers: how good, how far, how fast, how long, and in a sentence how it ended.
lab.TEST_IMAGES = 10_000;
lab.GLANCED = 1_000; // of them, the first ones, while it trains; as models/judging.py has it
lab.SPEED_WINDOW = 2; // s of training over which its speed is measured

lab.createTrainFigures = function (root) {
  const bar = root.querySelector("[data-testid=train-progress]");
  const said = root.querySelector("[data-testid=train-said]");
  const tell = lab.createTenths(root.querySelector(".lab-train-stage"));
  const figures = Object.fromEntries(
    [...root.querySelectorAll("[data-figure]")].map((place) => [place.dataset.figure, place]),
  );

  function set(name, value, below = "", title = `train_figure_${name}`) {
    const place = figures[name];
    lab.setWord(place.querySelector("dt"), title);
    place.querySelector("b").textContent = value;
    place.querySelector("small").textContent = below;
  }

  function renderTest(run) {
    const title = lab.isCleaner(run) ? "train_figure_mse" : "train_figure_test";
    const { text, images } = lab.testFigure(run) ?? {};
    const below = text && lab.say("train_on_images", { count: lab.wholeNumber(images) });
    set("test", text ?? "–", below, title);
  }

  function render(run) {
    const last = run?.points.at(-1);
    const step = last?.step ?? 0;
    renderTest(run);
    set("step", run ? lab.wholeNumber(step) : "–", run && of(lab.wholeNumber(run.total)));
    const epochs = run && Number((run.total / run.anEpoch).toFixed(2));
    set("epoch", run ? (last?.epoch ?? 0).toFixed(2) : "–", run && of(epochs));
    const speed = run && lab.speedOf(run);
    const images = speed && speed * (run.recipe.train_images / run.anEpoch);
    set("speed", images ? lab.wholeNumber(round(images)) : "–");
    const left = speed && lab.isUnderWay(run) ? lab.timeText((run.total - step) / speed) : "–";
    const spent = last && lab.say("train_so_far", { time: lab.timeText(last.seconds) });
    set("left", left, spent);
    renderBar(run, step);
    said.replaceChildren(...lab.endingOf(run).map(sentence));
    const isOver = Boolean(run) && !lab.isUnderWay(run);
    said.classList.toggle("is-wrong", isOver && lab.wentWrong(run));
  }

  const of = (total) => lab.say("train_of", { total });

  // Two digits: the rest is noise of the machine.
  const round = (value) => Number(value.toPrecision(2));

  function renderBar(run, step) {
    const percent = run ? Math.round((100 * step) / run.total) : 0;
    tell(run?.state === "running" ? step / run.total : null);
    bar.firstElementChild.style.width = run ? `${(100 * step) / run.total}%` : 0;
    bar.setAttribute("aria-valuenow", percent);
    bar.style.setProperty("--colour", run?.colour ?? "transparent");
    bar.classList.toggle("is-waiting", run?.state === "waiting");
  }

  function sentence(text) {
    const line = document.createElement("span");
    line.append(text, " ");
    return line;
  }

  return { render };
};

// The newest test figure of a run, and of how many test images it is.
lab.testFigure = function (run) {
  const { figures } = run?.ending ?? {};
  const key = lab.isCleaner(run) ? "test_loss" : "test_accuracy";
  const point = run?.points.findLast((known) => Number.isFinite(known[key]));
  const isFinal = lab.hasFigure(figures);
  if (!isFinal && !point) return null;
  const text = lab.figureText(run, isFinal ? (figures.test_accuracy ?? figures.mse) : point[key]);
  const isWhole = isFinal || point.whole;
  return { text, images: figures?.test_images ?? (isWhole ? lab.TEST_IMAGES : lab.GLANCED) };
};

lab.figureText = function (run, value) {
  if (!Number.isFinite(value)) return "–";
  if (lab.isCleaner(run)) return value.toFixed(4);
  return lab.say("percent", { number: lab.percent(value, 2) }).replace(" ", "\u00a0");
};

// Steps a second over the last seconds, at the end over all; null before there are two points.
lab.speedOf = function (run) {
  const { points } = run;
  const last = points.at(-1);
  const isRecent = ({ seconds }) => last.seconds - seconds >= lab.SPEED_WINDOW;
  const since = lab.isUnderWay(run) ? points.findLast(isRecent) : null;
  const first = since ?? points[0];
  if (!last || last.seconds <= first.seconds) return null;
  return (last.step - first.step) / (last.seconds - first.seconds);
};

// "0.3 s", "42 s", "6 min 10 s"
lab.timeText = function (seconds) {
  const whole = Math.round(seconds);
  if (seconds < 9.95) return lab.say("train_seconds", { count: seconds.toFixed(1) });
  if (whole < 100) return lab.say("train_seconds", { count: whole });
  const details = { minutes: Math.floor(whole / 60), seconds: whole % 60 };
  return lab.say("train_minutes", details);
};
