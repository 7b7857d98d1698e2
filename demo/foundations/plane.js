// Two classes: settings, the picture, and a training that goes on request by request.
lab.PLANE_STEPS = 25; // in one request
lab.PLANE_PAUSE = 110; // ms from one picture to the next, at least
lab.PLANE_TRIES = 30; // while many others train, too
lab.PLANE_LATE = 200; // steps after which it should have begun to learn
lab.PLANE_REACH = 1.25; // the picture goes from -REACH to REACH

lab.PLANE_SPECS = [
  {
    key: "data",
    kind: "choice",
    choices: ["moons", "circles", "spirals", "xor", "own"],
    value: "moons",
  },
  { key: "noise", kind: "slider", low: 0, high: 0.5, step: 0.01, value: 0.08 },
  { key: "layers", kind: "slider", low: 0, high: 4, step: 1, value: 2 },
  { key: "width", kind: "slider", low: 1, high: 16, step: 1, value: 8 },
  { key: "activation", kind: "choice", choices: ["relu", "tanh", "sigmoid", "none"], value: "tanh" },
  { key: "optimizer", kind: "choice", choices: ["sgd", "momentum", "adam"], value: "adam" },
  { key: "rate", kind: "slider", low: 0.0001, high: 10, log: true, value: 0.01 },
  { key: "batch", kind: "slider", low: 1, high: 200, step: 1, value: 32 },
  { key: "seed", kind: "number", low: 0, high: 1000000, step: 1, value: 0 },
];

lab.startPlaneChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=plane-${name}]`);
  const notice = root.querySelector(".lab-notice");
  let own = []; // the visitor's points, [[x, y, kind]]
  let run = null; // {state, step, history: [[step, loss, test_loss]], rates, reply, exploded}
  let isPlaying = false;
  let trouble = null;
  let generation = 0; // answers to what was begun before are thrown away
  let before = ""; // the settings that `run` is of, but for the learning rate

  const picture = lab.createPlanePicture(root, { own: () => own, setOwn });
  const network = lab.createPlaneNetwork(find("network"));
  const shelf = lab.createPlaneShelf(root, { bring, draw: () => render() });
  const chart = lab.createLineChart(find("chart"));
  const controls = lab.createControls(find("settings"), {
    chapter: "plane",
    specs: lab.PLANE_SPECS,
    changed,
  });
  const code = lab.createIdeaCode(root, server, () => run && asked({ rates: run.rates, state: null }));
  const isOwn = () => controls.values().data === "own";
  const mine = () => (isOwn() ? own : null);

  function asked(more) {
    const { state = null, step = 0 } = run ?? {};
    return { settings: controls.values(), points: mine(), state, step, ...more };
  }

  function changed(values) {
    const { rate, ...others } = values;
    if (JSON.stringify(others) === before && run?.step && !run.exploded) noteRate(rate);
    else restart();
  }

  function noteRate(rate) {
    run.rates = [...run.rates.filter(([step]) => step < run.step), [run.step, rate]];
    lab.countPicture(root);
    code.changed();
  }

  function setOwn(points) {
    own = points;
    restart();
  }

  function restart() {
    const { rate, ...others } = controls.values();
    before = JSON.stringify(others);
    generation += 1;
    run = { state: null, step: 0, history: [], rates: [[0, rate]], reply: null, exploded: null };
    find("own").hidden = !isOwn();
    picture.showPoints(mine(), isOwn());
    advance(0);
  }

  // Goes so many steps; whether there is an answer to go on from.
  async function advance(steps) {
    const begun = generation;
    const reply = await inTurn(asked({ steps }));
    if (begun !== generation) return true;
    trouble = reply.error ? reply : null;
    if (reply.exploded) run.exploded = reply.step ?? run.step + steps;
    else if (!trouble) take(reply);
    if (trouble || run.exploded) isPlaying = false;
    render();
    lab.countPicture(root);
    code.changed();
    return !trouble && !run.exploded;
  }

  // Where many pages train at once, this one waits for its turn.
  async function inTurn(request) {
    for (let tries = 0; ; tries += 1) {
      const reply = await lab.patiently(server.advance_plane(request));
      if (reply.error !== "idea_busy" || tries === lab.PLANE_TRIES) return reply;
      await new Promise((resolve) => setTimeout(resolve, lab.PLANE_PAUSE));
    }
  }

  function take(reply) {
    Object.assign(run, { state: reply.state, step: reply.step, reply });
    run.history.push([reply.step, reply.loss, reply.test_loss]);
    if (reply.points) picture.showPoints(reply.points, isOwn());
    picture.show(lab.toBytes(reply.boundary));
    network.show(reply, controls.values());
  }

  async function play() {
    isPlaying = !isPlaying;
    render();
    if (!isPlaying) return;
    if (run.exploded) restart();
    while (isPlaying) {
      const began = performance.now();
      const isSeen = root.offsetParent !== null && !document.hidden;
      if (isSeen && !(await advance(lab.PLANE_STEPS))) break;
      const rest = isSeen ? lab.PLANE_PAUSE - (performance.now() - began) : 500;
      await new Promise((resolve) => setTimeout(resolve, Math.max(rest, 0)));
    }
    render();
  }

  // A kept run, back on the stage as it was.
  function bring(kept) {
    isPlaying = false;
    generation += 1;
    own = kept.points ?? own;
    controls.set(kept.settings);
    const { rate: _, ...others } = controls.values();
    before = JSON.stringify(others);
    const { state, step, history, rates, reply } = kept;
    run = { state, step, history: [...history], rates, reply, exploded: null };
    find("own").hidden = !isOwn();
    picture.showPoints(reply.points, isOwn());
    picture.show(lab.toBytes(reply.boundary));
    network.show(reply, controls.values());
    trouble = null;
    code.changed();
    render();
  }

  function render() {
    if (!run) return;
    const { reply, step } = run;
    const { batch } = controls.values();
    const count = picture.points().length;
    const epoch = count ? (step / Math.ceil(count / batch)).toFixed(1) : "0";
    lab.setWord(find("train"), isPlaying ? "idea_plane_pause" : "idea_plane_train");
    lab.setWord(find("progress"), "idea_plane_progress", { step: step.toLocaleString("en"), epoch });
    lab.setWord(find("figures"), reply && "idea_plane_figures", lab.planeFigures(reply, ""));
    const isTested = reply && reply.test_loss !== null;
    lab.setWord(find("tested"), isTested ? "idea_plane_figures_test" : null, lab.planeFigures(reply, "test_"));
    lab.setWord(find("said"), ...sentence());
    lab.hold(find("keep"), step && !run.exploded ? null : "idea_plane_keep_why");
    const right = reply ? lab.percent(reply.accuracy, 0) : "–";
    lab.describe(find("picture"), lab.say("idea_plane_picture", { count, right }));
    chart.show(lab.planeChart(run, shelf.runs()));
    const { layers, width } = controls.values();
    const sizes = [2, ...Array.from({ length: layers }, () => width), 1].join(", ");
    lab.describe(find("network"), lab.say("idea_plane_network_is", { sizes }));
    notice.textContent = trouble ? lab.sayTrouble(trouble) : "";
    notice.classList.toggle("is-wrong", Boolean(trouble));
  }

  function sentence() {
    const { layers, activation } = controls.values();
    const { reply, step, exploded } = run;
    if (exploded) return ["idea_plane_exploded", { step: exploded }];
    if (!reply || trouble) return [null];
    if (!step) return ["idea_plane_ready"];
    if (reply.accuracy === 1) {
      if (reply.test_accuracy === null) return ["idea_plane_solved_own"];
      return ["idea_plane_solved", { right: lab.percent(reply.test_accuracy, 1) }];
    }
    if (step >= lab.PLANE_LATE && lab.isOneSided(lab.toBytes(reply.boundary))) {
      return ["idea_plane_stuck", { step: step.toLocaleString("en") }];
    }
    if (!layers || activation === "none") return ["idea_plane_line"];
    return ["idea_plane_learning", { right: lab.percent(reply.accuracy, 1) }];
  }

  find("train").addEventListener("click", play);
  find("step").addEventListener("click", () => {
    isPlaying = false;
    advance(1);
  });
  find("again").addEventListener("click", restart);
  find("keep").addEventListener("click", () => {
    const points = picture.points();
    const reply = { ...run.reply, points };
    shelf.keep({ ...run, reply, points: mine(), settings: controls.values() });
    render();
  });
  lab.onLanguage(root, render);
  restart();
};

// Whether nearly all of the plane gets the same answer.
lab.isOneSided = function (bytes) {
  const share = bytes.filter((value) => value > 127).length / bytes.length;
  return Math.min(share, 1 - share) < 0.02;
};

lab.planeFigures = function (reply, kind) {
  if (!reply || reply[`${kind}loss`] === null) return {};
  const right = lab.percent(reply[`${kind}accuracy`], 1);
  return { loss: lab.shortNumber(reply[`${kind}loss`]), right };
};

lab.planeChart = function (run, kept) {
  const line = (key, name, colour, points, more) => ({ key, name, colour, points, ...more });
  const losses = (one, at) => one.history.filter((each) => each[at]).map((each) => [each[0], each[at]]);
  const others = kept.filter((one) => one.isShown);
  const quiet = others.map((one) => line(`kept-${one.number}`, "", one.colour, losses(one, 1), {}));
  const ink = "var(--lab-accent)";
  const test = line("test", "", ink, losses(run, 2), { isDashed: true, isFront: true });
  const train = line("train", "", ink, losses(run, 1), { isFront: true });
  const lines = [...quiet, test, train].filter(({ points }) => points.length);
  return {
    lines,
    scale: lab.CHART_SCALES.log,
    most: Math.max(200, run.step, ...others.map(({ step }) => step)),
    label: lab.planeChartSaid({ train, test }),
    text: {
      x: (step) => step.toLocaleString("en"),
      value: (loss) => lab.editNumber(Number(loss.toPrecision(2))), // a phone has room for two digits
      tick: lab.tickNumber,
    },
  };
};

lab.planeChartSaid = function (lines) {
  const named = Object.entries(lines).map(([part, { points }]) => {
    return { name: lab.say(`idea_plane_${part}_line`), points };
  });
  const step = (at) => lab.say("idea_rate_step", { step: at.toLocaleString("en") });
  const curves = lab.curvesSaid(named, { x: step, value: lab.shortNumber });
  return lab.say("idea_plane_chart", { curves });
};
