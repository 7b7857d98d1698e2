// The runs of this page: what each was told to be, what is known of it so far, and who is told.
lab.runs = []; // oldest first
lab.runInFront = null; // the one on the stage
lab.runHearers = new Set();

// Calls `listener` at once, and after every change of any run.
lab.onRuns = function (listener) {
  lab.runHearers.add(listener);
  listener();
};

lab.tellRuns = function () {
  lab.runHearers.forEach((listener) => listener());
};

lab.showRun = function (run) {
  lab.runInFront = run;
  if (run) run.shown = true;
  lab.tellRuns();
};

lab.isUnderWay = (run) => ["waiting", "running", "paused"].includes(run?.state);
lab.runUnderWay = () => lab.runs.find(lab.isUnderWay) ?? null;

// Puts runs among the others, by their number; one that is there already stays as it is.
lab.addRuns = function (runs) {
  const numbers = new Set(lab.runs.map(({ number }) => number));
  lab.runs.push(...runs.filter(({ number }) => !numbers.has(number)));
  lab.runs.sort((a, b) => a.number - b.number);
};

// A run of which nothing is known but what the server answered to its start.
lab.newRun = function (started, { preset = null, number = null } = {}) {
  const next = 1 + Math.max(0, ...lab.runs.map((run) => run.number));
  const own = number ?? next;
  return {
    number: own,
    colour: lab.RUN_COLOURS[(own - 1) % lab.RUN_COLOURS.length],
    recipe: started.recipe,
    total: started.total,
    anEpoch: started.an_epoch,
    key: started.key,
    owner: started.owner,
    state: "waiting",
    ahead: 0,
    line: 0,
    points: [],
    next: 0, // the number of the point to ask for next
    view: null,
    verbs: null,
    sixteen: started.sixteen,
    ending: null,
    rateChanges: [],
    shown: true,
    preset,
    trouble: null, // {error, details}: the server does not answer, or says why it failed
  };
};

// The run in front; of the others as many are left on the chart as there are colours.
lab.putInFront = function (run) {
  lab.addRuns([run]);
  const others = lab.runs.filter((other) => other !== run && other.shown);
  for (const old of others.slice(0, 1 - lab.RUN_COLOURS.length)) old.shown = false;
  lab.showRun(run);
};

// Takes them off the chart and off the shelf.
lab.removeRuns = function (runs) {
  const others = lab.runs.filter((run) => !runs.includes(run));
  lab.runs.splice(0, lab.runs.length, ...others);
  if (runs.includes(lab.runInFront)) lab.showRun(lab.runs.at(-1) ?? null);
  else lab.tellRuns();
};

// Whether its network cleans pictures: it has no accuracy, and its loss is a distance.
lab.isCleaner = (run) =>
  Boolean(run?.sixteen?.spoiled) ||
  run?.ending?.figures?.mse !== undefined ||
  run?.points.at(-1)?.accuracy === null;

// ---- What a reload needs --------------------------------------------------------------------

lab.keepRun = function ({ key, owner, recipe, total, anEpoch, sixteen, ...run }) {
  const started = { key, owner, recipe, total, an_epoch: anEpoch, sixteen };
  const { number, preset, rateChanges } = run;
  try {
    sessionStorage.setItem(lab.RUN_KEPT, JSON.stringify({ started, number, preset, rateChanges }));
  } catch {
    // without storage a reload forgets the run, and the server ends it
  }
};

lab.forgetKeptRun = function () {
  try {
    sessionStorage.removeItem(lab.RUN_KEPT);
  } catch {
    // nothing was kept
  }
};

// The run that was under way before the page was loaded again, null where there was none.
lab.keptRun = function () {
  try {
    const { started, number, preset, rateChanges } = JSON.parse(
      sessionStorage.getItem(lab.RUN_KEPT),
    );
    return { ...lab.newRun(started, { preset, number }), rateChanges };
  } catch {
    return null;
  }
};
