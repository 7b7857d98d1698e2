// The chapter `loss`: predictions to drag, and four losses that judge them.
lab.LOSS_START = [2.6, 2.2, 3.1, 3.5, 3.4, 4, 4.3];
lab.LOSS_RANGE = [-2, 12]; // of a prediction
lab.LOSS_OUTLIER = 4; // the point whose target moves
lab.LOSS_ARROW = 3.5; // n / 2: an arrow of the MSE then ends on its target

lab.startLossChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=loss-${name}]`);
  const state = { predictions: [...lab.LOSS_START], point: lab.LOSS_OUTLIER, shown: "mse" };
  const start = { outlier: 5, together: false, label: 5 };
  let reply = null;
  let asked = null; // what the reply is of

  const specs = [
    { key: "outlier", kind: "slider", low: 0, high: 8, step: 0.1 },
    { key: "together", kind: "switch" },
    { key: "label", kind: "slider", low: 0, high: 6, step: 1 },
  ].map((spec) => ({ ...spec, value: start[spec.key] }));
  const controls = lab.createControls(root.querySelector(".lab-loss-settings"), {
    chapter: "loss",
    specs,
    changed,
  });
  const settings = () => ({
    predictions: [...state.predictions],
    point: state.point,
    ...controls.values(),
  });
  const asker = lab.createAsker(root, {
    ask: (asked) => server.judge_predictions(asked),
    settings,
    show: (told, of) => ((reply = told), (asked = of), render()),
  });
  const code = lab.createIdeaCode(root, server, settings);
  const plot = lab.createLossPlot(find("plot"), {
    state: () => ({ ...state, ...controls.values(), reply }),
    take: (point) => state.point !== point && ((state.point = point), changed()),
    move,
    moveOutlier: (by) => (controls.set({ outlier: lab.shapes.within(by, 0, 8) }), changed()),
  });
  const cards = lab.createLossCards(root, (name) => ((state.shown = name), render()));

  function changed() {
    if (controls.values().together) state.predictions.fill(state.predictions[state.point]);
    plot.draw();
    asker.want();
    code.changed();
  }

  function move(point, value) {
    state.point = point;
    state.predictions[point] = lab.shapes.within(value, ...lab.LOSS_RANGE);
    changed();
  }

  function begin(predictions, values = {}) {
    state.predictions = predictions;
    controls.set({ together: false, ...values });
    changed();
  }

  function render() {
    const now = { ...state, ...controls.values(), reply, asked };
    lab.setWord(find("legend"), "idea_loss_arrows", { name: lab.say(`idea_loss_${state.shown}`) });
    lab.setWord(find("pull"), `idea_loss_pull_${state.shown}`);
    plot.draw();
    cards.show(now);
    if (!reply) return;
    lab.sayLoss(find, now);
    const targets = reply.targets.map(lab.shortNumber).join(", ");
    find("plot").setAttribute("aria-label", lab.say("idea_loss_plot", { targets }));
  }

  root.querySelector("[data-does=perfect]").addEventListener("click", () => {
    if (reply) begin(reply.targets.map((target) => Number(target.toFixed(4))));
  });
  root.querySelector("[data-does=again]").addEventListener("click", () => {
    begin([...lab.LOSS_START], start);
  });
  lab.onLanguage(root, render);
  changed();
};

// The sentences that the numbers make.
lab.sayLoss = function (find, { reply, together, label }) {
  const number = lab.shortNumber;
  const share = (part) => lab.percent(part, 0);
  const { worst, off, shares, mean, median } = reply;
  const size = Math.abs(off);
  if (together) {
    lab.setWord(find("worst"), "idea_loss_all", { mean: number(mean), median: number(median) });
  } else if (size < 1e-6) {
    lab.setWord(find("worst"), "idea_loss_exact");
  } else {
    const parts = { mse: share(shares.mse), mae: share(shares.mae) };
    lab.setWord(find("worst"), "idea_loss_worst", { at: worst, error: number(size), ...parts });
  }
  const value = number(reply.losses.cross_entropy.value);
  const probability = number(reply.softmax[label]);
  lab.setWord(find("class"), "idea_loss_class", { label, probability, value });
};
