// The chapter `activations`: a curve and its slope, ten layers of it, and a fit with and without.
lab.ACTIVATIONS = ["none", "sigmoid", "tanh", "relu"];
lab.FARTHEST_X = 6; // of the curves, both ways

lab.startActivationsChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=activations-${name}]`);
  const names = [...root.querySelectorAll("[data-activation]")];
  const formulas = [...root.querySelectorAll("[data-formula]")];
  const state = { activation: "sigmoid" };
  const nameOf = (activation) => find(activation).textContent.trim();
  const deep = { of: null, fits: {} }; // what the server said: of curves and layers, and of fits

  const place = (name) => root.querySelector(`[data-settings=${name}]`);
  const controlsIn = (element, specs, heed) =>
    lab.createControls(element, { chapter: "activations", specs, changed: heed });
  const ends = { low: -lab.FARTHEST_X, high: lab.FARTHEST_X };
  const x = controlsIn(place("x"), [{ key: "x", kind: "slider", ...ends, step: 0.1, value: 2 }], bend);
  const starts = { choices: ["default", "xavier", "kaiming"], value: "default" };
  const layers = [
    { key: "depth", kind: "slider", low: 1, high: 12, step: 1, value: 10 },
    { key: "start", kind: "choice", ...starts },
  ];
  const depth = controlsIn(place("deep"), layers, bend);
  const width = [{ key: "units", kind: "slider", low: 1, high: 32, step: 1, value: 16 }];
  const units = controlsIn(place("fit"), width, learn);
  const seeds = [{ key: "seed", kind: "slider", low: 0, high: 99, step: 1, value: 0 }];
  const seed = controlsIn(root.querySelector(".lab-bend-seed"), seeds, changed);

  const of = (...groups) => Object.assign({}, ...groups.map((group) => group.values()));
  const bending = () => ({ ...state, ...of(x, depth, seed) });
  const learning = (activation) => ({ activation, ...of(units, seed) });
  const all = () => ({ ...bending(), ...of(units) });
  const asker = lab.createAsker(root, {
    ask: (asked) => server.bend_and_pass_back(asked),
    settings: bending,
    show: (reply, asked) => ((deep.of = { ...reply, asked }), renderBent()),
  });
  // The fit with an activation and the one without are two questions: each is short.
  const fitAsker = (which, activation) =>
    lab.createAsker(root, {
      ask: (asked) => server.fit_wave(asked),
      settings: () => learning(activation()),
      show: (reply, asked) => ((deep.fits[which] = { ...reply, asked }), showFits()),
    });
  const bent = fitAsker("bent", () => state.activation);
  const straight = fitAsker("straight", () => "none");
  const code = lab.createIdeaCode(root, server, all);
  const curve = lab.createBend(find("curve"), (to) => (x.set({ x: to }), bend()));
  const bars = lab.createLayerBars(find("bars"), find("others"), { nameOf, choose });
  const fit = lab.createFit(find("fit"), find("step"));

  function bend() {
    asker.want();
    code.changed();
    curve.hold(of(x).x);
  }

  function learn() {
    bent.want();
    straight.want();
    code.changed();
  }

  function changed() {
    bend();
    learn();
  }

  function choose(activation) {
    state.activation = activation;
    bend();
    bent.want();
    render();
  }

  function renderBent() {
    if (!deep.of) return;
    const { value, slope, left, asked } = deep.of;
    const [height, rise] = [value, slope].map(lab.shortNumber);
    const here = { x: lab.editNumber(asked.x).replace("-", "−"), value: height, slope: rise };
    lab.setWord(find("here"), "idea_activations_here", here);
    curve.show(deep.of, of(x).x, find("here").textContent);
    bars.show(left, asked.activation);
    lab.sayLeft(find("left"), left[asked.activation][0], { depth: asked.depth, name: nameOf(asked.activation) });
  }

  // Both fits of one network: what is of another is on its way.
  function showFits() {
    const { bent: one, straight: other } = deep.fits;
    if (!one || !other) return;
    const isSame = (key) => one.asked[key] === other.asked[key];
    if (isSame("units") && isSame("seed")) fit.show(one, other);
    renderFits();
  }

  function renderFits() {
    const { bent: one, straight: other } = deep.fits;
    find("with").textContent = nameOf(state.activation);
    if (!one || !other) return;
    const [slope, shift] = other.line.map((value) => value.toFixed(2).replace("-", "−"));
    const offset = shift.startsWith("−") ? shift.replace("−", "− ") : `+ ${shift}`;
    const losses = [one, other].map(({ losses: all }) => lab.shortNumber(all.at(-1)));
    const name = nameOf(one.asked.activation);
    const details = { slope, offset, name, bent: losses[0], straight: losses[1] };
    const key = one.line ? "idea_activations_straight" : "idea_activations_bent";
    lab.setWord(find("said"), key, details);
    lab.describe(find("fit"), find("said").textContent);
  }

  function render() {
    for (const button of names) {
      const isChosen = button.dataset.activation === state.activation;
      button.setAttribute("aria-pressed", String(isChosen));
    }
    for (const line of formulas) line.hidden = line.dataset.formula !== state.activation;
    renderBent();
    renderFits();
    fit.render();
  }

  names.forEach((button) =>
    button.addEventListener("click", () => choose(button.dataset.activation)),
  );
  find("train").addEventListener("click", fit.play);
  lab.onLanguage(root, render);
  changed();
};

lab.sayLeft = function (place, share, details) {
  const key = share < 0.5 ? "idea_activations_faded" : "idea_activations_kept";
  lab.setWord(place, key, { ...details, share: lab.shareLeft(share) });
};

// "1/3,100,000" of what is little, "1.3 ×" of what is not.
lab.shareLeft = function (share) {
  if (share >= 0.5) return `${Number(share.toPrecision(2))} ×`;
  return `1/${Number((1 / share).toPrecision(2)).toLocaleString("en")}`;
};
