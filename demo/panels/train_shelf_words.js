// What the shelf says of a run, and what it is sorted by.
lab.SHELF_STATES = {
  waiting: "shelf_waiting",
  running: "shelf_running",
  paused: "shelf_paused",
  done: "shelf_done",
  stopped: "shelf_stopped",
  diverged: "shelf_diverged",
  time: "shelf_time",
  memory: "shelf_memory",
  left: "shelf_left",
  closing: "shelf_closing",
};

lab.isRunOver = (run) => !lab.isUnderWay(run);

// A figure of its end: "best_figures" or "figures"; null where there is none.
lab.runFigure = function (run, of) {
  const figures = run.ending?.[of] ?? {};
  return figures[lab.isCleaner(run) ? "mse" : "test_accuracy"] ?? null;
};

lab.runFigureSaid = function (run, of) {
  const value = lab.runFigure(run, of);
  if (value === null) return "–";
  if (lab.isCleaner(run)) return lab.say("train_mse", { number: value.toFixed(4) });
  return lab.say("percent", { number: lab.percent(value, 2) });
};

// What tells its recipe from its network's best one, as on the form.
lab.runChanges = function ({ recipe: asKept, rateChanges }) {
  if (!lab.trainMenu?.networks.some(({ key }) => key === asKept.network)) return "";
  const { recipe } = lab.layRecipe(null, asKept); // without what storage may have spoiled
  const others = lab.changedFields(recipe).filter(
    ({ field }) => !["network", "train_images"].includes(field),
  );
  const said = others.map((each) => {
    const value = lab.valueSaid(each, recipe[each.field]);
    return each.field === "optimizer" ? value : `${lab.settingName(each.field)} ${value}`;
  });
  const rates = rateChanges.map(([step, rate]) =>
    lab.say("shelf_rate", { step: lab.wholeNumber(step), rate: lab.plainNumber(rate) }),
  );
  return [...said, ...rates].join(" · ") || lab.say("shelf_best_recipe");
};

lab.runSeconds = (run) => run.ending?.seconds ?? run.points.at(-1)?.seconds ?? 0;

// How it stands, or how it ended.
lab.runState = function (run) {
  const step = run.ending?.step ?? run.points.at(-1)?.step ?? 0;
  const key = lab.SHELF_STATES[run.ending?.reason ?? run.state] ?? "shelf_broken";
  const percent = lab.percent(Math.min(step / (run.total || 1), 1), 0);
  return lab.say(key, { step: lab.wholeNumber(step), percent });
};

// Readers before cleaners: an accuracy and an error don't compare. Larger is better in both.
lab.runWorth = function (run, of) {
  const value = lab.runFigure(run, of);
  if (value === null) return -Infinity;
  return lab.isCleaner(run) ? -1 - value : value;
};

// The columns: what stands in each, and by what it is sorted; `down` is the better end first.
lab.SHELF_COLUMNS = {
  shown: {},
  number: { by: (run) => run.number, down: true },
  network: { by: (run) => run.recipe.network },
  changed: {},
  images: { by: (run) => run.recipe.train_images, down: true },
  best: { by: (run) => lab.runWorth(run, "best_figures"), down: true },
  final: { by: (run) => lab.runWorth(run, "figures"), down: true },
  seconds: { by: lab.runSeconds },
  state: {},
  tools: {},
};
