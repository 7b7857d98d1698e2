// The stage of the Train tab: the run in front as a growing curve, with its numbers around it.
lab.createTrainStage = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const views = [...root.querySelectorAll(".lab-train-views button")];
  const stage = root.querySelector(".lab-train-stage");
  const chart = lab.createLineChart(find("train-chart"));
  let view = "loss";

  lab.createRunFollower(server, () => root.offsetParent !== null);
  const parts = [
    lab.createTrainButtons(root),
    lab.createTrainFigures(root),
    lab.createTrainGradients(root),
    lab.createTrainVerbs(root),
    lab.createTrainSixteen(root),
    lab.createTrainFilters(root),
  ];

  function renderHead(run) {
    const isCleaner = lab.isCleaner(run);
    for (const button of views) {
      const isOff = isCleaner && button.dataset.view === "accuracy";
      button.setAttribute("aria-pressed", String(button.dataset.view === viewOf(run)));
      lab.hold(button, isOff ? "train_no_accuracy" : null);
    }
    lab.setWord(find("train-axis"), lab.TRAIN_AXES[viewOf(run)]);
    if (run) stage.style.setProperty("--colour", run.colour);
  }

  const viewOf = (run) => (lab.isCleaner(run) ? "loss" : view);

  function render() {
    const run = lab.runInFront;
    renderHead(run);
    lab.renderTrainLegend(find("train-legend"), run);
    chart.show(lab.trainChartState(run, viewOf(run)));
    root.querySelector(".lab-train-empty").hidden = Boolean(run);
    for (const part of parts) part.render(run);
  }

  for (const button of views) {
    button.addEventListener("click", () => {
      view = button.dataset.view;
      render();
    });
  }
  new MutationObserver(() => {
    lab.inside.palettes = {}; // made for the other theme
    for (const part of parts) part.repaint?.();
    render();
  }).observe(document.body, { attributeFilter: ["class"] });
  lab.onRuns(render);
  lab.onLanguage(root, render);
};

lab.TRAIN_AXES = { loss: "train_axis_loss", accuracy: "train_axis_accuracy" };

// ---- What the chart draws -------------------------------------------------------------------

// A faint curve for those who have not trained anything yet.
lab.EXAMPLE_RUN = {
  number: 0,
  colour: "var(--lab-edge)",
  total: 40,
  state: "ended",
  points: Array.from({ length: 41 }, (_, step) => {
    const left = 0.045 + Math.exp(-step / 7) + 0.03 * Math.sin(5 * step) * Math.exp(-step / 20);
    const test = 0.06 + 0.9 * Math.exp(-step / 8);
    const accuracy = 1 - 0.87 * left;
    return { step, loss: 2.2 * left, test_loss: 2.2 * test, accuracy, test_accuracy: 1 - test };
  }),
};

lab.trainLines = function (run, view, isFront) {
  return ["", "test_"].map((part) => ({
    key: `${run.number}-${part || "train"}`,
    name: `${isFront ? "" : `${run.number} `}${lab.say(part ? "train_line_test" : "train_line")}`,
    colour: run.colour,
    points: run.points
      .map((point) => [point.step, point[part + view]])
      .filter(([, value]) => Number.isFinite(value)),
    isDashed: Boolean(part),
    isFront,
  }));
};

// The runs on the chart beside the one in front: those that can be compared with it.
lab.runsBeside = function (run) {
  const isCleaner = lab.isCleaner(run);
  return lab.runs.filter(
    (other) => other !== run && other.shown && lab.isCleaner(other) === isCleaner,
  );
};

// How far to the right a run reaches: to its end, or where that came early, to there.
lab.reachOf = (run) => (lab.isUnderWay(run) ? run.total : (run.points.at(-1)?.step ?? 1));

lab.trainChartState = function (run, view) {
  const front = run ?? lab.EXAMPLE_RUN;
  const beside = run ? lab.runsBeside(run) : [];
  const isLoss = view === "loss";
  const tick = (share) => lab.say("percent", { number: Number((100 * share).toFixed(1)) });
  return {
    lines: [
      ...beside.flatMap((other) => lab.trainLines(other, view, false)),
      ...lab.trainLines(front, view, true),
    ],
    scale: lab.CHART_SCALES[isLoss ? "log" : "accuracy"],
    most: Math.max(...[front, ...beside].map(lab.reachOf)),
    marks: (run?.rateChanges ?? []).map(([step, rate]) => ({
      x: step,
      text: lab.say("train_rate_mark", { rate: lab.tickNumber(rate) }),
    })),
    label: run ? lab.trainChartSaid(run, view) : lab.say("train_empty"),
    isFaint: !run,
    text: {
      x: (step) => lab.say("train_steps", { count: lab.wholeNumber(step) }),
      value: isLoss ? lab.shortNumber : lab.shareText,
      tick: isLoss ? lab.tickNumber : tick,
    },
  };
};

lab.shareText = (share) => lab.say("percent", { number: lab.percent(share, 1) });

// The chart in a sentence, for those who hear the page.
lab.trainChartSaid = function (run, view) {
  const known = (key) => run.points.map((point) => point[key]).filter(Number.isFinite);
  const [train, test] = [known(view), known(`test_${view}`)];
  const best = view === "loss" ? Math.min : Math.max;
  const text = (value) => {
    if (value === undefined) return "–";
    return view === "loss" ? lab.shortNumber(value) : lab.shareText(value);
  };
  return lab.say("train_chart_said", {
    view: lab.say(lab.TRAIN_AXES[view]),
    number: run.number,
    first: text(train[0]),
    train: text(train.at(-1)),
    test: text(test.at(-1)),
    best: text(test.length ? best(...test) : undefined),
    step: run.points.at(-1)?.step ?? 0,
    total: run.total,
  });
};

// The runs on the chart, the one in front first; a press brings another to the front.
lab.renderTrainLegend = function (place, run) {
  const runs = run ? [run, ...lab.runsBeside(run).reverse()] : [];
  const state = runs.map(({ number }) => number).join();
  if (place.dataset.state === state) return; // it stays as it is while the curve grows
  place.dataset.state = state;
  const chip = (other) => {
    const [button, dot] = [document.createElement("button"), document.createElement("i")];
    button.type = "button";
    button.style.setProperty("--colour", other.colour);
    button.setAttribute("aria-pressed", String(other === run));
    button.append(dot, `${other.number} ${other.recipe.network}`);
    button.addEventListener("click", () => lab.showRun(other));
    return button;
  };
  place.replaceChildren(...runs.map(chip));
};
