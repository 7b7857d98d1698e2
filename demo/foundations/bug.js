// The chapter `bug`: the book's clamped gradient and the masked one, beside autograd's.
lab.BUG_SIDE = 12; // elements of the hidden gradient that are shown, down and across
lab.BUG_MOST = 100; // examples and hidden units
lab.BUG_EPOCHS = 20;
lab.BUG_COLOURS = { masked: "#0072b2", clamped: "#d55e00" };

lab.startBugChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=bug-${name}]`);
  const chart = lab.createLineChart(find("chart"));
  const maps = lab.createBugMaps(find("maps"), renderElement);
  const last = lab.BUG_MOST - lab.BUG_SIDE;
  let asked = null; // the settings of what is shown

  const controls = lab.createControls(root.querySelector(".lab-bug-settings"), {
    chapter: "bug",
    specs: [
      { key: "way", kind: "choice", choices: ["clamped", "masked"], value: "clamped" },
      { key: "epoch", kind: "slider", low: 1, high: lab.BUG_EPOCHS, step: 1, value: 1 },
      { key: "row", kind: "slider", low: 0, high: last, step: 1, value: 0 },
      { key: "column", kind: "slider", low: 0, high: last, step: 1, value: 0 },
      { key: "seed", kind: "number", low: 0, high: 2 ** 31 - 1, step: 1, value: 0 },
    ],
    changed: ask,
  });
  const settings = controls.values;
  const asker = lab.createAsker(root, { ask: server.compare_gradients, settings, show: shown });
  const code = lab.createIdeaCode(root, server, settings);

  function ask() {
    asker.want();
    code.changed();
  }

  function shown(reply, of) {
    asked = of;
    maps.show(reply.patch);
    render();
  }

  function lineOf(way, losses) {
    const isFront = way === asked.way;
    const points = losses.map((loss, at) => [at + 1, loss]);
    const name = lab.say(`idea_bug_${way}`);
    return { key: way, name, colour: lab.BUG_COLOURS[way], points, isFront: true, isDashed: !isFront };
  }

  function renderChart({ losses }) {
    const [masked, clamped] = ["masked", "clamped"].map((way) => lab.bugLoss(losses[way].at(-1)));
    const label = lab.say("idea_bug_chart", { masked, clamped });
    find("losses").textContent = label;
    const at = (epoch) => lab.say("idea_bug_at", { epoch });
    chart.show({
      lines: Object.entries(losses).map(([way, values]) => lineOf(way, values)),
      scale: lab.CHART_SCALES.log,
      most: lab.BUG_EPOCHS,
      marks: [{ x: asked.epoch, text: at(asked.epoch) }],
      label,
      text: { x: at, value: lab.bugShort, tick: lab.tickNumber },
    });
  }

  function renderWhere() {
    const { epoch, row, column } = asked;
    const details = { epoch, top: row, bottom: row + lab.BUG_SIDE - 1 };
    Object.assign(details, { left: column, right: column + lab.BUG_SIDE - 1 });
    lab.setWord(find("where"), "idea_bug_maps", details);
  }

  function renderElement() {
    const reply = asker.reply();
    if (!reply) return;
    const { patch } = reply;
    const at = maps.chosen();
    const numbers = ["behind", "autograd", "masked", "clamped"].map((name) => [
      name,
      lab.bugNumber(patch[name][at]),
    ]);
    const row = asked.row + Math.floor(at / lab.BUG_SIDE);
    const column = asked.column + (at % lab.BUG_SIDE);
    const key = patch.on[at] ? "idea_bug_element_on" : "idea_bug_element_off";
    lab.setWord(find("element"), key, { row, column, ...Object.fromEntries(numbers) });
  }

  function render() {
    const reply = asker.reply();
    if (!reply) return;
    renderChart(reply);
    renderWhere();
    maps.render();
    renderElement();
    lab.renderBugFigures(find("figures").tBodies[0], reply);
    lab.renderBugTruth(find("truth").tBodies[0], reply);
    find("answer").textContent = lab.bugAnswer(reply);
  }

  lab.onLanguage(root, render);
  ask();
};
