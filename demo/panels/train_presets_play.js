// Playing an experiment: its runs one after another, then what they say.
lab.PRESET_LAST_POINTS = 5; // of a curve: one alone jumps up and down

// What the server judges a finished run by.
lab.presetFacts = function ({ ending, points, view }) {
  const known = points.map(({ accuracy }) => accuracy).filter(Number.isFinite);
  const last = known.slice(-lab.PRESET_LAST_POINTS);
  const sizes = (view?.gradients ?? []).map(({ size }) => size);
  return {
    diverged: ending.reason === "diverged",
    step: ending.step,
    seconds: ending.seconds ?? null,
    test: lab.presetTest({ ending, points }),
    train: last.length ? last.reduce((sum, one) => sum + one, 0) / last.length : null,
    gradients: sizes.length ? [sizes[0], sizes.at(-1)] : null,
  };
};

// How much of the test set a run reads right, at its end or so far; null before the first measure.
lab.presetTest = function ({ ending, points }) {
  const newest = points.findLast((point) => Number.isFinite(point.test_accuracy));
  return ending?.figures?.test_accuracy ?? newest?.test_accuracy ?? null;
};

lab.isPresetRunDone = (run) => ["done", "diverged"].includes(run.ending?.reason);

// `ask` sends finished runs to be judged.
lab.createPresetPlayer = function (ask) {
  let tell = () => {};
  let play = null; // what is being played, or was last: see `begin`

  const wasStopped = (mine) => mine.isStopping || mine !== play;

  async function begin(preset, answer) {
    const mine = { preset, answer, runs: [], at: 0, isOn: true };
    Object.assign(mine, { isStopping: false, verdict: null, trouble: null });
    play = mine;
    await playAll(mine);
    mine.isOn = false;
    tell();
  }

  async function playAll(mine) {
    const { runs, key } = mine.preset;
    const seed = lab.recipe?.seed ?? runs[0].recipe.seed; // one seed: the same first weights
    for (; mine.at < runs.length && !wasStopped(mine); mine.at += 1) {
      const recipe = { ...runs[mine.at].recipe, seed };
      lab.setRecipe(recipe);
      tell();
      try {
        const run = await lab.startRun(recipe, { preset: key });
        if (!lab.isPresetRunDone(run)) return;
      } catch (reply) {
        mine.trouble = reply;
        return;
      }
    }
    if (mine.at === runs.length) await judge(mine);
  }

  async function judge(mine) {
    const runs = mine.runs.map((run, at) => [mine.preset.runs[at].key, lab.presetFacts(run)]);
    const request = { preset: mine.preset.key, answer: mine.answer, runs: Object.fromEntries(runs) };
    const reply = await lab.patiently(ask(request));
    if (reply.error) mine.trouble = reply;
    else mine.verdict = reply;
  }

  // The run that has just begun is one of this experiment; a stop that came before it ends it.
  function follow() {
    const run = lab.runUnderWay();
    if (!play?.isOn || run?.preset !== play.preset.key) return;
    if (play.runs[play.at] === run) return;
    play.runs[play.at] = run;
    if (play.isStopping) lab.steer("stop");
    const isMine = (each) => play.runs.includes(each);
    if (lab.runs.every((each) => isMine(each) || !each.shown)) return;
    for (const each of lab.runs) each.shown &&= isMine(each); // these alone are to be compared
    lab.tellRuns();
  }

  function stop() {
    if (!play?.isOn) return;
    play.isStopping = true;
    if (play.runs[play.at]) lab.steer("stop");
    tell();
  }

  lab.onRuns(() => {
    follow();
    tell();
  });
  return { begin, stop, now: () => play, onChange: (listener) => (tell = listener) };
};
