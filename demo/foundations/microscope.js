// The chapter `microscope`: one step of a tiny network, walked through number by number.
lab.MICROSCOPE_FIRST = {
  ...{ x1: 1.5, x2: -0.5, t: 2, c: 0.1 },
  ...{ w11: 0.5, w12: -0.3, b1: 0.1, v1: 0.7 },
  ...{ w21: -0.4, w22: -0.8, b2: 0.4, v2: -0.5 },
  ...{ w31: 0.9, w32: 0.2, b3: -0.3, v3: 0.4 },
};

// What the links set beside the first numbers, and the place from which it is seen.
lab.MICROSCOPE_TRIES = [
  { name: "try_first", settings: { activation: "sigmoid", rate: 0.1 }, at: "x" },
  { name: "try_dead", settings: { activation: "relu", rate: 0.1 }, numbers: { b2: -3 }, at: "z2" },
  { name: "try_saturated", settings: { activation: "sigmoid", rate: 0.1 }, numbers: { b1: 9 }, at: "z1" },
  { name: "try_zeros", settings: { activation: "sigmoid", rate: 0.1 }, numbers: 0, at: "v1" },
  { name: "try_large", settings: { activation: "relu", rate: 2 }, at: "update" },
];

lab.startMicroscopeChapter = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=microscope-${name}]`);
  const [back, next, take, range] = ["back", "next", "take", "place"].map(find);
  let place = 0; // in the walk
  let steps = [];
  let taken = null; // the loss before the step that was taken last
  let isTaking = false; // until the new weights are answered

  const graph = lab.createMicroscopeGraph(find("graph"), (name) => fields.focus(name));
  const written = lab.createMicroscopeList(find("written"), (at) => go(at));
  const fields = lab.createMicroscopeFields(root, lab.MICROSCOPE_FIRST, changed);
  const controls = lab.createControls(root.querySelector(".lab-microscope-settings"), {
    chapter: "microscope",
    specs: [
      { key: "activation", kind: "choice", choices: ["sigmoid", "tanh", "relu"], value: "sigmoid" },
      { key: "rate", kind: "slider", low: 0.001, high: 100, log: true, value: 0.1 },
    ],
    changed,
  });
  const settings = () => ({ ...fields.values(), ...controls.values() });
  const asker = lab.createAsker(root, { ask: server.show_step, settings, show: shown });
  const code = lab.createIdeaCode(root, server, settings);

  function changed() {
    taken = null;
    ask();
  }

  function ask() {
    asker.want();
    code.changed();
  }

  function shown() {
    isTaking = false;
    render();
  }

  function go(to) {
    place = Math.min(Math.max(to, 0), Math.max(steps.length - 1, 0));
    render();
  }

  // The weights after the step take the place of those before it, and the walk begins again.
  function step() {
    const reply = asker.reply();
    if (!reply || isTaking || lab.microscopeTooFar(reply)) return;
    taken = reply.values.loss;
    isTaking = true;
    place = 0;
    fields.set(reply.new);
    ask();
  }

  function advance() {
    if (place < steps.length - 1) go(place + 1);
    else step();
  }

  function onKey(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    go(place + by);
  }

  function tryIt({ settings: wanted, numbers = {}, at }) {
    const zeros = Object.keys(lab.MICROSCOPE_FIRST).filter((key) => /^[wbvc]/.test(key));
    const own = numbers === 0 ? Object.fromEntries(zeros.map((key) => [key, 0])) : numbers;
    controls.set(wanted);
    fields.set({ ...lab.MICROSCOPE_FIRST, ...own });
    place = lab.microscopePlaces().indexOf(at);
    changed();
  }

  function layTries() {
    for (const entry of lab.MICROSCOPE_TRIES) {
      const link = document.createElement("button");
      link.type = "button";
      link.dataset.word = `idea_microscope_${entry.name}`;
      link.dataset.testid = `microscope-${entry.name}`;
      link.addEventListener("click", () => tryIt(entry));
      find("tries").append(link);
    }
  }

  function render() {
    const reply = asker.reply();
    if (!reply) return;
    steps = lab.microscopeSteps(reply, settings());
    const now = steps[place];
    find("title").textContent = now.title;
    find("formula").textContent = now.lines.slice(0, now.shown).join("\n");
    find("note").textContent = now.note;
    find("sentence").textContent = lab.microscopeSentence(reply, taken);
    const label = lab.say("idea_microscope_picture", { shown: `${now.title}: ${now.lines.join("; ")}` });
    graph.show(reply, steps, place, label);
    written.show(steps, place);
    renderWalk(reply);
  }

  function renderWalk(reply) {
    const isLast = place === steps.length - 1;
    const isFar = Boolean(lab.microscopeTooFar(reply));
    range.max = steps.length - 1;
    range.value = place;
    const said = lab.say("idea_microscope_place", { step: place + 1, steps: steps.length });
    range.setAttribute("aria-label", said);
    range.setAttribute("aria-valuetext", steps[place].title);
    lab.setWord(next, isLast ? "idea_microscope_take" : "idea_microscope_next");
    const far = isFar ? "idea_microscope_far_why" : null;
    lab.hold(next, isLast ? far : null);
    lab.hold(back, place ? null : "idea_microscope_first_why");
    lab.hold(take, far);
  }

  layTries();
  back.addEventListener("click", () => go(place - 1));
  next.addEventListener("click", advance);
  take.addEventListener("click", step);
  range.addEventListener("input", () => go(Number(range.value)));
  find("graph").addEventListener("keydown", onKey);
  lab.onLanguage(root, render);
  ask();
};
