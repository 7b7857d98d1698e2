// The chapter `optimizers`: seven of them race down a surface from one start.
lab.RACE_TRIES = {
  large: ["valley", { learning_rate: 0.12 }],
  ridge: ["saddle", { point: [-2, 0] }],
  local: ["hollows", { learning_rate: 0.05 }],
  points: ["points", { learning_rate: 0.05 }],
};

lab.startOptimizersChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=optimizers-${name}]`);
  const specs = [
    { key: "learning_rate", kind: "slider", low: 1e-4, high: 10, log: true, value: 0.05 },
    { key: "steps", kind: "slider", low: 10, high: 100, step: 1, value: 60 },
    { key: "seed", kind: "number", low: 0, high: 9999, step: 1, value: 0 },
  ];
  const state = { surface: null, kind: null, point: null, chosen: "momentum" };
  let asked = null; // what the newest reply is to
  let isPlayed = true; // the next reply is

  const controls = lab.createControls(find("settings"), { chapter: "optimizers", specs, changed });
  const table = lab.createRaceTable(find("table"), { changed, choose });
  const view = lab.createSurfaceView(find("surface"), {
    name: "optimizers",
    moved: (point) => {
      state.point = point;
      putGrip();
      changed();
    },
    paint: (context, at, style) => {
      if (shown()) lab.paintRace(context, at, style, asker.reply().paths, player.at());
    },
  });
  const player = lab.createPlayer(find("player"), {
    name: "optimizers",
    play: "idea_optimizers_play",
    draw: (step) => {
      view.paint();
      if (shown()) table.tell(asker.reply(), step);
    },
  });
  const menu = lab.createSurfaceMenu(find("kind"), server, {
    first: "points",
    changed: open,
    failed: (reply) => lab.setTrouble(root, reply),
  });
  const asker = lab.createAsker(root, {
    ask: (settings) => server.race_optimizers(settings),
    settings: () => settings(),
    show: (reply, settings) => {
      asked = settings;
      player.load(settings.steps, isPlayed);
      isPlayed = false;
      render();
    },
  });
  const code = lab.createIdeaCode(root, server, () => settings());

  // Paths of another surface are not drawn on this one.
  const shown = () => asked?.surface === state.kind;

  function settings() {
    if (!state.point) return null;
    const [x, y] = state.point;
    return { ...controls.values(), x, y, names: table.names(), surface: state.kind, chosen: state.chosen };
  }

  function open(surface, kind, { learning_rate = surface.learning_rate, point = surface.start }) {
    Object.assign(state, { surface, kind, point: [...point] });
    controls.set({ learning_rate });
    find("settings").lastElementChild.hidden = !surface.is_mean; // the seed of SGD's draws
    isPlayed = true;
    view.show(surface);
    putGrip();
    changed();
  }

  function putGrip() {
    if (!state.point) return;
    const [x, y] = state.point.map(lab.slopeNumber);
    view.put(state.point, lab.say("idea_optimizers_start", { x, y }));
  }

  function choose(name) {
    state.chosen = name;
    render();
    code.changed();
  }

  function changed() {
    asker.want();
    code.changed();
  }

  function render() {
    putGrip();
    for (const formula of root.querySelectorAll("[data-rule]")) {
      formula.hidden = formula.dataset.rule !== state.chosen;
    }
    find("formula").textContent = lab.say(`idea_optimizers_${state.chosen}`);
    table.render(state.chosen);
    if (!asked || !shown()) return;
    table.tell(asker.reply(), player.at());
    const lines = lab.sayRace(asker.reply(), asked);
    find("said").textContent = lines.join("\n"); // each on a line of its own
    lab.setWord(find("kinds"), state.surface.is_mean ? "idea_optimizers_mean" : "idea_optimizers_same");
    const names = lab.listed(asked.names.map((name) => lab.say(`idea_optimizers_${name}`)));
    view.label(`${lab.say("idea_optimizers_map", { surface: menu.name(), names })} ${lines.join(" ")}`);
    lab.setWord(find("near"), "idea_optimizers_near", { near: asker.reply().near });
  }

  for (const button of root.querySelectorAll("[data-try]")) {
    button.addEventListener("click", () => menu.set(...lab.RACE_TRIES[button.dataset.try]));
  }
  lab.onLanguage(root, render);
  menu.start();
};

// An error that belongs to no request of the chapter's asker.
lab.setTrouble = function (root, reply) {
  const notice = root.querySelector(".lab-notice");
  notice.textContent = lab.sayTrouble(reply);
  notice.classList.add("is-wrong");
};
