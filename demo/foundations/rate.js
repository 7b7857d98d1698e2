// The chapter `rate`: a ball goes down a loss with two hollows, at a learning rate.
lab.RATE_TRIES = {
  slow: { start: -3.6, learning_rate: 0.002 },
  global: { start: -3.6, learning_rate: 0.05 },
  shaking: { start: -3.6, learning_rate: 0.45 },
  exploded: { start: -3.6, learning_rate: 0.5 },
  local: { start: 3.6, learning_rate: 0.05 },
};
lab.RATE_CLOSE = 0.01; // of loss, at which a descent is said to be where it ends
lab.RATE_ENDS = [-4, 4]; // of the start

lab.startRateChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=rate-${name}]`);
  const [low, high] = lab.RATE_ENDS;
  const specs = [
    { key: "start", kind: "slider", low, high, step: 0.05, value: -3.6 },
    { key: "learning_rate", kind: "slider", low: 1e-4, high: 10, log: true, value: 0.05 },
    { key: "steps", kind: "slider", low: 5, high: 200, step: 1, value: 50 },
  ];
  let isPlayed = true; // the next reply is
  let descents = 0; // so many; a line of each, since the chart takes those of one length for one
  const controls = lab.createControls(find("settings"), { chapter: "rate", specs, changed });
  const curve = lab.createRateCurve(find("curve"), {
    moved: (start) => {
      controls.set({ start });
      changed();
    },
  });
  const chart = lab.createLineChart(find("chart"));
  const player = lab.createPlayer(find("player"), {
    name: "rate",
    play: "idea_rate_play",
    draw: (step) => {
      if (!asker.reply()) return;
      curve.draw(step);
      drawChart(step);
    },
  });
  const asker = lab.createAsker(root, {
    ask: (asked) => server.descend_by_rate(asked),
    settings: () => controls.values(),
    show: (reply) => {
      descents += 1;
      curve.take(reply);
      player.load(reply.places.length - 1, isPlayed);
      isPlayed = false;
      render();
    },
  });
  const code = lab.createIdeaCode(root, server, controls.values);

  function changed() {
    curve.put(controls.values().start);
    asker.want();
    code.changed();
  }

  function drawChart(step) {
    const { losses } = asker.reply();
    const { steps } = controls.values();
    const points = losses.slice(0, Math.floor(step) + 1).map((loss, at) => [at, loss]);
    const [first, loss] = [losses[0], losses.at(-1)].map(lab.shortNumber);
    chart.show({
      lines: [{ key: descents, name: "", colour: "var(--lab-accent)", points, isFront: true }],
      scale: lab.CHART_SCALES.log,
      most: steps,
      label: lab.say("idea_rate_chart", { steps: losses.length - 1, first, loss }),
      text: {
        x: (at) => lab.say("idea_rate_step", { step: Math.round(at) }),
        value: lab.shortNumber,
        tick: lab.tickNumber,
      },
    });
  }

  function render() {
    const reply = asker.reply();
    if (!reply) return;
    const { places, losses, what, exploded } = reply;
    const [start, from, x] = [places[0], places.at(-2) ?? places[0], places.at(-1)];
    const settled = losses.findIndex((loss) => Math.abs(loss - losses.at(-1)) < lab.RATE_CLOSE);
    const details = {
      steps: places.length - 1,
      step: exploded ?? settled,
      start: lab.slopeNumber(start),
      from: lab.slopeNumber(from),
      x: lab.slopeNumber(x),
      last: lab.shortNumber(Math.abs(x - from)),
      loss: lab.shortNumber(losses.at(-1)),
      lowest: lab.slopeNumber(reply.lowest[0]),
      least: lab.shortNumber(reply.lowest[1]),
    };
    lab.setWord(find("verdict"), `idea_rate_${what}`);
    find("said").textContent = lab.say(`idea_rate_${what}_why`, details);
    find("curve").setAttribute("aria-label", lab.say("idea_rate_curve", details));
    curve.render();
    drawChart(player.at());
  }

  for (const button of root.querySelectorAll("[data-try]")) {
    button.addEventListener("click", () => {
      controls.set(lab.RATE_TRIES[button.dataset.try]);
      isPlayed = true;
      changed();
    });
  }
  lab.onLanguage(root, render);
  changed();
};
