// Kept runs: a small picture each, overlaid on the chart, and the way back to any of them.
lab.PLANE_SHELF = "lab-plane-shelf";
lab.PLANE_KEPT = 12; // runs at most; the oldest gives way
lab.PLANE_HISTORY = 120; // points of a kept curve

lab.createPlaneShelf = function (root, { bring, draw }) {
  const list = root.querySelector("[data-testid=plane-shelf]");
  const empty = root.querySelector("[data-testid=plane-shelf-empty]");
  let runs = stored();

  function stored() {
    try {
      const found = JSON.parse(localStorage.getItem(lab.PLANE_SHELF)) ?? [];
      return Array.isArray(found) ? found.filter(lab.isPlaneRun).slice(-lab.PLANE_KEPT) : [];
    } catch {
      return []; // nonsense, or a browser that stores nothing
    }
  }

  function store() {
    try {
      localStorage.setItem(lab.PLANE_SHELF, JSON.stringify(runs));
    } catch {
      // kept as long as the page is open
    }
  }

  function keep(run) {
    const number = (runs.at(-1)?.number ?? 0) + 1;
    const every = Math.ceil(run.history.length / lab.PLANE_HISTORY);
    const last = run.history.length - 1;
    const history = run.history.filter((_, at) => at % every === 0 || at === last);
    const colour = lab.RUN_COLOURS[(number - 1) % lab.RUN_COLOURS.length];
    runs = [...runs, { ...run, number, history, colour, isShown: true }].slice(-lab.PLANE_KEPT);
    store();
    render();
  }

  function drop(run) {
    runs = runs.filter((one) => one !== run);
    store();
    render();
    draw();
  }

  function render() {
    list.replaceChildren(...[...runs].reverse().map(card));
    empty.hidden = runs.length > 0;
  }

  function card(run) {
    const item = document.createElement("li");
    const [back, away] = [0, 1].map(() => document.createElement("button"));
    const picture = document.createElement("canvas");
    const [title, figures] = ["b", "small"].map((tag) => document.createElement(tag));
    const settings = lab.planeSaid(run.settings);
    picture.width = picture.height = 64;
    lab.paintMap(picture, lab.toBytes(run.reply.boundary), 0.7);
    title.textContent = settings;
    const right = lab.percent(run.reply.test_accuracy ?? run.reply.accuracy, 1);
    const told = lab.say("idea_plane_figures", { loss: lab.shortNumber(run.reply.loss), right });
    figures.textContent = told;
    back.type = away.type = "button";
    back.style.setProperty("--colour", run.colour);
    back.append(picture, title, figures);
    back.setAttribute("aria-label", lab.say("idea_plane_shelf_back", { number: run.number, settings }));
    back.addEventListener("click", () => bring(run));
    away.textContent = "×";
    away.setAttribute("aria-label", lab.say("idea_plane_shelf_drop", { number: run.number }));
    away.addEventListener("click", () => drop(run));
    item.append(back, away);
    return item;
  }

  lab.onLanguage(list, render);
  return { keep, runs: () => runs };
};

lab.isPlaneRun = function (run) {
  const { settings, history, reply } = run ?? {};
  const isWhole = settings && Array.isArray(history) && typeof reply?.boundary === "string";
  return Boolean(isWhole && lab.PLANE_SPECS.every(({ key }) => key in settings) && run.rates);
};

lab.planeSaid = function (settings) {
  const word = (key) => lab.say(`idea_plane_${key}_${settings[key]}`);
  return lab.say("idea_plane_shelf_short", {
    data: word("data"),
    shape: [settings.layers, settings.width].join(" × "),
    activation: word("activation"),
    optimizer: word("optimizer"),
    rate: lab.editNumber(settings.rate),
  });
};
