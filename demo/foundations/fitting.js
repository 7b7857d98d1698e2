// The chapter `fitting`: a polynomial through noisy points, and the errors of all degrees.
lab.FITTING_TRIES = {
  line: { degree: 1 },
  wild: { degree: 14, points: 15, decay: false },
  points: { degree: 14, points: 100, decay: false },
  decay: { degree: 14, points: 15, decay: true, weight_decay: 0.01 },
};

lab.FITTING_VERDICTS = {
  under: ["idea_fitting_under", "idea_fitting_under_why"],
  right: ["idea_fitting_right", "idea_fitting_right_why"],
  over: ["idea_fitting_over", "idea_fitting_over_why"],
};

lab.startFittingChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const specs = [
    { key: "degree", kind: "slider", low: 0, high: 15, step: 1, value: 3 },
    { key: "points", kind: "slider", low: 5, high: 100, step: 1, value: 15 },
    { key: "noise", kind: "slider", low: 0, high: 1, step: 0.05, value: 0.3 },
    { key: "decay", kind: "switch", value: false },
    { key: "weight_decay", kind: "slider", low: 1e-6, high: 1, log: true, value: 0.01 },
    { key: "seed", kind: "number", low: 0, high: 9999, step: 1, value: 0 },
  ];
  let lastAsked = null; // what the newest reply is to
  const place = root.querySelector(".lab-fitting-settings");
  const controls = lab.createControls(place, { chapter: "fitting", specs, changed });
  const curve = lab.createFitCurve(find("fitting-curve"));
  const errors = lab.createFitErrors(find("fitting-errors"), (degree) => change({ degree }));
  const asker = lab.createAsker(root, { ask: (asked) => server.fit_points(asked), settings, show });
  const code = lab.createIdeaCode(root, server, settings);

  // What the server is asked: no weight decay is one of 0.
  function settings() {
    const { decay, ...values } = controls.values();
    return { ...values, weight_decay: decay ? values.weight_decay : 0 };
  }

  function change(changes) {
    controls.set(changes);
    changed();
  }

  function changed() {
    const { decay } = controls.values();
    for (const id of ["fitting-weight_decay", "fitting-weight_decay-slide"]) {
      lab.hold(find(id), decay ? null : "idea_fitting_decay_why");
    }
    asker.want();
    code.changed();
  }

  function show(reply, asked) {
    lastAsked = asked;
    curve.show(reply);
    errors.take(reply, asked);
    render();
  }

  function render() {
    const reply = asker.reply();
    if (!reply || !lastAsked) return;
    const { degree, points, weight_decay } = lastAsked;
    const [train, test] = [reply.train_errors[degree], reply.test_errors[degree]].map(lab.errorNumber);
    const least = lab.errorNumber(reply.test_errors[reply.best]);
    const details = { train, test, degree, best: reply.best, least };
    const [verdict, why] = lab.FITTING_VERDICTS[reply.verdict];
    lab.setWord(find("fitting-verdict"), verdict);
    lab.setWord(find("fitting-why"), why, details);
    find("fitting-train-error").textContent = train;
    find("fitting-test-error").textContent = test;
    const isMany = degree + 1 >= points && !weight_decay;
    const many = { weights: degree + 1, points };
    lab.setWord(find("fitting-many"), isMany ? "idea_fitting_many" : null, many);
    const about = { ...details, points };
    lab.describe(find("fitting-curve"), lab.say("idea_fitting_curve", about));
    lab.describe(find("fitting-errors"), lab.say("idea_fitting_errors", about));
    errors.render();
  }

  for (const button of root.querySelectorAll("[data-try]")) {
    button.addEventListener("click", () => change(lab.FITTING_TRIES[button.dataset.try]));
  }
  find("fitting-again").addEventListener("click", () => {
    change({ seed: (controls.values().seed + 1) % 10_000 });
  });
  lab.onLanguage(root, render);
  changed();
};

// 0.137, 2.8e4, 6e-27: three digits, two of a power.
lab.errorNumber = function (error) {
  const isFar = error && (error < 1e-3 || error >= 1e4);
  if (isFar) return error.toExponential(1).replace("e+", "e").replace("-", "−");
  return String(Number(error.toPrecision(3)));
};
