// The ladder: rungs to climb, their curves on one chart, and the code that runs beside it.
lab.RUNG_COLOURS = {
  tensors: "#0072b2",
  autograd: "#e69f00",
  module: "#009e73",
  function: "#cc79a7",
  sequential: "#56b4e9",
  named: "#d55e00",
  optim: "#0072b2",
};

lab.startLadderChapter = async function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=ladder-${name}]`);
  const notice = root.querySelector(".lab-notice");
  const chart = lab.createLineChart(find("chart"));
  const climbs = {}; // by rung: {losses: [[epoch, loss]], seed, state, ahead, seconds}
  let rungs = [];
  let chosen = "tensors";
  let trouble = null;
  let isClimbing = false;
  const pace = lab.createPace();

  const controls = lab.createControls(find("settings"), {
    chapter: "ladder",
    specs: [{ key: "seed", kind: "number", low: 0, high: 2147483647, step: 1, value: 0 }],
    changed: () => {
      for (const name of Object.keys(climbs)) delete climbs[name];
      code.changed();
      render();
    },
  });
  const code = lab.createIdeaCode(root, server, () => ({ rung: chosen, ...controls.values() }));
  const climber = lab.createClimber(server, tell);

  function tell() {
    const running = rungs.find(({ key }) => climbs[key]?.state === "running");
    if (running) pace.note((climbs[running.key].losses.at(-1)?.[0] ?? 0) / running.epochs);
    lab.countPicture(root);
    render();
  }

  const entry = (name = chosen) => rungs.find(({ key }) => key === name);
  const name = (key) => lab.say(`idea_ladder_${key}`);

  async function climb(names) {
    if (isClimbing) return;
    isClimbing = true;
    trouble = null;
    for (const each of names) {
      choose(each);
      pace.forget();
      climbs[each] = { losses: [], seed: controls.values().seed, state: "running" };
      render();
      const reply = await climber.climb(entry(each), climbs[each]);
      if (reply.error) trouble = reply;
      if (reply.error || climbs[each].state !== "ended") break;
    }
    isClimbing = false;
    tell();
  }

  function choose(key) {
    chosen = key;
    code.changed();
    render();
  }

  // The rungs on the chart: those that can be compared with the chosen one.
  function together() {
    const { epochs } = entry();
    const alike = rungs.filter((rung) => rung.epochs === epochs && climbs[rung.key]?.losses.length);
    return alike.map(({ key }) => key);
  }

  function render() {
    if (!rungs.length) return;
    lab.renderRungs(find("rungs"), { rungs, chosen, climbs, choose });
    const shown = together();
    const { epochs } = entry();
    const count = epochs.toLocaleString("en");
    const text = {
      x: (epoch) => lab.say("idea_ladder_epoch", { epoch: epoch.toLocaleString("en") }),
      value: (loss) => (loss < 1000 ? lab.shortNumber(loss) : Math.round(loss).toLocaleString("en")),
      tick: lab.tickNumber,
    };
    const told = shown.map((key) => ({ name: name(key), points: climbs[key].losses }));
    const details = { epochs: count, curves: lab.curvesSaid(told, text) };
    lab.setWord(find("axis"), "idea_ladder_axis", { epochs: count });
    root.querySelector(".lab-train-empty").hidden = shown.length > 0;
    chart.show({
      lines: shown.map((key) => ({
        key,
        name: "", // its colour stands at its rung
        colour: lab.RUNG_COLOURS[key],
        points: climbs[key].losses,
        isFront: true,
      })),
      scale: lab.CHART_SCALES.log,
      most: epochs,
      label: lab.say(...(shown.length ? ["idea_ladder_chart", details] : ["idea_ladder_empty"])),
      text,
    });
    renderSaid();
    lab.setWord(find("equal"), ...comparison());
    lab.renderRungCode(root, entry());
    for (const id of ["climb", "all"]) lab.hold(find(id), isClimbing ? "hold_busy" : null);
    lab.hold(find("stop"), climber.canStop() ? null : "train_idle");
    notice.textContent = trouble ? lab.sayTrouble(trouble) : "";
    notice.classList.toggle("is-wrong", Boolean(trouble));
  }

  function renderSaid() {
    const [key, details] = sentence();
    const words = key ? lab.say(key, details) : "";
    const said = key === "idea_ladder_running" ? pace.after(words) : words;
    if (find("said").textContent !== said) find("said").textContent = said;
  }

  function sentence() {
    const run = climbs[chosen];
    if (!run) return [null];
    if (run.state === "waiting") return ["idea_ladder_waiting", { ahead: run.ahead }];
    if (!run.losses.length) return [null];
    const [epoch, loss] = run.losses.at(-1);
    const digits = (number) => number.toLocaleString("en", { maximumFractionDigits: 4 });
    const { epochs } = entry();
    const facts = { epoch: digits(epoch), loss: digits(loss), epochs: epochs.toLocaleString("en") };
    if (run.state === "running") return ["idea_ladder_running", facts];
    if (run.state === "stopped") return ["idea_ladder_stopped", facts];
    if (run.state !== "ended") return ["idea_ladder_broken"];
    const ends = { ...facts, first: digits(run.losses[0][1]), last: digits(loss) };
    if (!run.seconds) return ["idea_ladder_done", ends];
    return ["idea_ladder_done_seconds", { ...ends, seconds: run.seconds.toFixed(1) }];
  }

  // Whether the rungs that were climbed went the same road, as the server's numbers say.
  function comparison() {
    const done = together().filter((key) => climbs[key].state === "ended");
    const isComparable = done.length > 1 && done.includes(chosen);
    if (!isComparable) return [null];
    const [first, ...others] = done.map((key) => climbs[key].losses);
    const differs = first.find(([, loss], at) => others.some((each) => each[at]?.[1] !== loss));
    const details = { rungs: done.map(name).join(", "), count: first.length };
    if (!differs) return ["idea_ladder_equal", details];
    return ["idea_ladder_unequal", { ...details, epoch: differs[0] }];
  }

  find("climb").addEventListener("click", () => climb([chosen]));
  find("all").addEventListener("click", () => climb(rungs.map(({ key }) => key)));
  find("stop").addEventListener("click", climber.stop);
  const reply = await lab.patiently(server.ladder_rungs({}));
  if (reply.error) trouble = reply;
  else rungs = reply.rungs;
  lab.onLanguage(root, render);
};
