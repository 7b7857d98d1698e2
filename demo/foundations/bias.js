// The chapter `bias`: points that lie off the origin, and a line with a bias beside one without.
lab.LINE_STEPS = 60; // of the descent
lab.LINE_PLAYS = 2400; // ms, for all of them

lab.startBiasChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=bias-${name}]`);
  const inChapter = (place, specs, changed) =>
    lab.createControls(root.querySelector(place), { chapter: "bias", specs, changed });
  const where = [
    { key: "offset", kind: "slider", low: -4, high: 4, step: 0.1, value: 3 },
    { key: "slope", kind: "slider", low: -1.5, high: 1.5, step: 0.1, value: 0.8 },
    { key: "seed", kind: "slider", low: 0, high: 99, step: 1, value: 0 },
  ];
  const controls = inChapter(".lab-line-settings", where, changed);
  const steps = { low: 0, high: lab.LINE_STEPS, step: 1, value: lab.LINE_STEPS };
  const step = inChapter(".lab-line-step", [{ key: "step", kind: "slider", ...steps }], () => {
    stop();
    render();
  });
  let reply = null;
  let stop = () => {};

  const asker = lab.createAsker(root, {
    ask: (asked) => server.fit_lines(asked),
    settings: controls.values,
    show: (told) => ((reply = told), render()),
  });
  const code = lab.createIdeaCode(root, server, controls.values);
  const plot = lab.createLinesPlot(find("plot"), {
    state: () => ({ ...controls.values(), ...step.values(), reply }),
    moved: (changes) => (controls.set(changes), changed()),
  });

  // Moved points are shown with the lines that fit them, not with lines on their way.
  function changed() {
    stop();
    step.set({ step: lab.LINE_STEPS });
    plot.draw();
    asker.want();
    code.changed();
  }

  function tellLine(place, [w, b, loss], key) {
    const details = { loss: lab.shortNumber(loss), w: signed(w), b: signed(b) };
    lab.setWord(place, key, details);
  }

  const signed = (value) => value.toFixed(2).replace("-", "−");

  function render() {
    plot.draw();
    if (!reply) return;
    const [one, other] = reply.paths.map((path) => path[step.values().step]);
    tellLine(find("with"), one, "idea_bias_learned");
    tellLine(find("without"), other, "idea_bias_learned_w");
    const [both, alone] = ["with", "without"].map((name) => find(name).textContent);
    find("plot").setAttribute("aria-label", lab.say("idea_bias_plot", { both, alone }));
    const [best, least] = reply.paths.map((path) => path.at(-1)[2]);
    const times = least / best;
    const details = { times: lab.plainNumber(Number(times.toPrecision(2))) };
    const said = { ...details, b: signed(reply.paths[0].at(-1)[1]) };
    lab.setWord(find("said"), times < 1.5 ? "idea_bias_idle" : "idea_bias_needed", said);
  }

  function play() {
    stop();
    stop = lab.shapes.play(lab.LINE_PLAYS, (share) => {
      step.set({ step: Math.round(share * lab.LINE_STEPS) });
      render();
    });
  }

  find("play").addEventListener("click", play);
  lab.onLanguage(root, render);
  changed();
};
