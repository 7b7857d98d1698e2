// Runs that are over, kept in this browser: without their views, their points thinned.
lab.KEPT_POINTS = 200; // of a run
lab.KEPT_RUNS = 40;
lab.KEPT_CHARACTERS = 1_500_000; // of all; a browser gives a site some 5,000,000
lab.KEY_LIFE = 3_600_000; // ms; the server keeps weights for an hour after their last use

// Every measured point as long as there is room, then others evenly between them.
lab.thinned = function (points, most = lab.KEPT_POINTS) {
  if (points.length <= most) return points;
  const evenly = (list, count) =>
    list.filter((_, at) => at % Math.max(1, Math.ceil(list.length / Math.max(count, 1))) === 0);
  const ends = [points[0], points.at(-1)];
  const measured = points.filter((one) => one.test_loss !== null && !ends.includes(one));
  const chosen = new Set([...ends, ...evenly(measured, most - 2)]);
  const others = points.filter((one) => !chosen.has(one));
  if (most > chosen.size) evenly(others, most - chosen.size).forEach((one) => chosen.add(one));
  return points.filter((one) => chosen.has(one));
};

lab.createShelfStore = function (storageKey) {
  const names = new WeakMap(); // run -> the name under which it is kept
  const known = new Set(); // names that this page has had, the deleted ones among them
  let saved = true;
  let written = null; // what tells whether anything has changed

  function nameOf(run) {
    if (!names.has(run)) names.set(run, `${Date.now()}-${Math.random()}`);
    known.add(names.get(run));
    return names.get(run);
  }

  function stored() {
    try {
      const list = JSON.parse(localStorage.getItem(storageKey));
      return Array.isArray(list) ? list.filter(lab.isKeptRun) : [];
    } catch {
      return []; // no storage, or not ours
    }
  }

  function restored() {
    const numbers = new Set();
    return stored().map(({ name, at, ...facts }) => {
      const key = Date.now() - at < lab.KEY_LIFE ? facts.key : null;
      const run = { ...lab.restingRun(), ...facts, key };
      names.set(run, name);
      known.add(name);
      while (numbers.has(run.number)) run.number += 1; // two windows have counted
      numbers.add(run.number);
      run.colour = lab.RUN_COLOURS[(run.number - 1) % lab.RUN_COLOURS.length];
      return run;
    });
  }

  function facts(run) {
    const { number, recipe, total, anEpoch, key, owner, state, ending } = run;
    const { points, rateChanges, shown, preset } = run;
    const base = { name: nameOf(run), at: Date.now(), number, recipe, total, anEpoch, key, owner };
    return { ...base, state, ending, points: lab.thinned(points), rateChanges, shown, preset };
  }

  // The newest that fit; where the browser gives less room, fewer.
  function write(texts) {
    let list = texts.slice(-lab.KEPT_RUNS);
    const size = () => list.reduce((sum, text) => sum + text.length + 1, 2);
    while (list.length > 1 && size() > lab.KEPT_CHARACTERS) list = list.slice(1);
    for (;;) {
      try {
        localStorage.setItem(storageKey, `[${list.join()}]`);
        return true;
      } catch {
        if (!list.length) return false;
        list = list.slice(Math.ceil(list.length / 2));
      }
    }
  }

  // What another window has kept meanwhile stays.
  function save(runs) {
    const over = runs.filter(lab.isRunOver);
    const now = over.map((run) => [nameOf(run), run.shown, run.key, Boolean(run.ending)]).join();
    if (now === written) return;
    written = now;
    const others = stored().filter(({ name }) => !known.has(name));
    saved = write([...others, ...over.map(facts)].map((run) => JSON.stringify(run)));
  }

  return { restored, save, isSaved: () => saved };
};

// A run that nothing is heard of any more.
lab.restingRun = () => ({
  ahead: 0,
  line: 0,
  view: null,
  verbs: null,
  sixteen: null,
  trouble: null,
});

// Whether what was kept is a run: storage holds whatever anybody has written there.
lab.isKeptRun = function (kept) {
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
  const isText = (value) => value == null || typeof value === "string";
  const isNumber = (value) => value === null || Number.isFinite(value);
  const isPair = (pair) => Array.isArray(pair) && pair.every(Number.isFinite);
  const areFigures = (facts) => facts == null || Object.values(facts).every(isNumber);
  const isPoint = (point) =>
    isObject(point) && Number.isFinite(point.step) &&
    Object.values(point).every((value) => isNumber(value) || typeof value === "boolean");
  if (!isObject(kept) || !isObject(kept.recipe) || typeof kept.name !== "string") return false;
  const { number, recipe, total, anEpoch, state, key, points, rateChanges, ending } = kept;
  return (
    Number.isInteger(number) && number > 0 && number < 1e6 &&
    typeof recipe.network === "string" && Number.isFinite(recipe.train_images) &&
    Number.isFinite(total) && Number.isFinite(anEpoch) &&
    ["ended", "stopped", "failed"].includes(state) && isText(key) &&
    Array.isArray(points) && points.every(isPoint) &&
    Array.isArray(rateChanges) && rateChanges.every(isPair) &&
    (ending === null || (isObject(ending) &&
      [ending.figures, ending.best_figures].every(areFigures)))
  );
};
