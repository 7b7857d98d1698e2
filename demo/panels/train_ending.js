// How a run ended, in words computed from its own numbers.
lab.AT_CHANCE = 0.2; // test accuracy; a reader that was never above it has learned nothing
lab.VANISHED = 1e-4; // the first layer's gradients as a share of the last one's

lab.ENDINGS = {
  done: "train_end_done",
  stopped: "train_end_stopped",
  diverged: "train_end_diverged",
  time: "train_end_time",
  memory: "train_end_memory",
  killed: "train_end_killed",
  crashed: "train_end_crashed",
  left: "train_end_left",
  closing: "train_end_closing",
};

lab.stayedAtChance = function (run) {
  if (lab.isCleaner(run) || !["done", "time"].includes(run.ending?.reason)) return false;
  const known = run.points.map((point) => point.test_accuracy).filter(Number.isFinite);
  return known.length > 0 && Math.max(...known) < lab.AT_CHANCE;
};

lab.wentWrong = (run) =>
  lab.stayedAtChance(run) || !["done", "stopped"].includes(run.ending?.reason);

// The sentences under the curve: how long the line is, none while it runs.
lab.endingOf = function (run) {
  if (run?.state === "waiting") return run.line ? [lab.say("train_waiting", run)] : [];
  if (!run || lab.isUnderWay(run)) return [];
  const { ending, trouble } = run;
  if (trouble) return [lab.sayTrouble(trouble)];
  if (!ending) return [];
  if (lab.stayedAtChance(run)) return [lab.say(...lab.whyAtChance(run))];
  const details = {
    step: lab.wholeNumber(ending.step),
    total: lab.wholeNumber(run.total),
    time: lab.timeText(ending.seconds ?? run.points.at(-1)?.seconds ?? 0),
    rate: lab.tickNumber(lab.smallerRate(run)),
  };
  const how = lab.say(lab.ENDINGS[ending.reason] ?? lab.ENDINGS.crashed, details);
  return [how, ...lab.finalWords(run), ...lab.bestWords(run)];
};

// How good the last weights are, where they are worth telling.
lab.finalWords = function (run) {
  const { reason, figures } = run.ending;
  if (!["done", "stopped", "time", "closing"].includes(reason) || !lab.hasFigure(figures)) return [];
  return [lab.say("train_end_figure", { figure: lab.figureWords(run, figures) })];
};

lab.hasFigure = (figures) => Number.isFinite(figures?.test_accuracy ?? figures?.mse);

// The weights that are kept, where they are not the last ones.
lab.bestWords = function (run) {
  const { best_figures: figures, best_step: best, step } = run.ending;
  if (!lab.hasFigure(figures) || !best || best === step) return [];
  const details = { step: lab.wholeNumber(best), figure: lab.figureWords(run, figures) };
  return [lab.say("train_end_best", details)];
};

// "99.07 %" of the test set, or a cleaner's error.
lab.figureWords = function (run, figures) {
  const text = lab.figureText(run, figures?.test_accuracy ?? figures?.mse);
  return lab.isCleaner(run) ? lab.say("train_mse", { number: text }) : text;
};

lab.rateOf = (run) => run.rateChanges.at(-1)?.[1] ?? run.recipe.learning_rate;
lab.smallerRate = (run) => (lab.rateOf(run) > 1 ? 0.1 : lab.rateOf(run) / 10);

// What to try after a run that learned nothing: what its gradients say first, then its rate.
lab.whyAtChance = function (run) {
  if (run.recipe.init === "zeros") return ["train_chance_zeros", {}];
  const [first, ...rest] = (run.view?.gradients ?? []).map(({ size }) => size);
  const last = rest.at(-1);
  if (last > 0 && first < lab.VANISHED * last) {
    return ["train_chance_vanished", { size: lab.shortNumber(first) }];
  }
  const rate = lab.rateOf(run);
  const isSmall = rate < 1e-3; // a usual rate of Adam; below it a run is more often too slow
  return ["train_chance", { rate: lab.tickNumber(isSmall ? 10 * rate : lab.smallerRate(run)) }];
};
