// Starting a run, steering it, and asking again and again how far it is, until it has ended.
lab.RUN_PAUSE = 120; // ms between two questions while the curve grows in front of the visitor
lab.RUN_QUIET = 1000; // ms while it waits in the line, or while nobody looks
lab.RUN_PATIENCE = 20; // questions in a row without an answer until the run counts as lost

// `isSeen` says whether the curve is in front of the visitor.
lab.createRunFollower = function (server, isSeen) {
  let isStarting = false;
  let isLeaving = false;
  let owner = null; // the key by which the server knows this visitor
  let wake = () => {}; // ends the pause before the next question
  let tellSeen = () => {}; // the page is in sight again

  const ask = (name, request) => lab.patiently(server[name]?.(request));

  async function begin(recipe, preset, isPaused) {
    const reply = await ask("start_training", { recipe, owner, paused: isPaused });
    if (reply.error) throw reply;
    owner = reply.owner;
    const run = lab.newRun(reply, { preset });
    lab.keepRun(run);
    return run;
  }

  // `isPaused`: it takes one step, told in its verbs, and waits for more. Resolves with the run once
  // it has ended; rejects with {error, details} where it never began or was lost.
  lab.startRun = async function (recipe, { preset = null, isPaused = false } = {}) {
    if (isStarting || lab.runUnderWay()) throw { error: "train_busy", details: {} };
    isStarting = true;
    lab.tellRuns();
    let run;
    try {
      run = await begin(recipe, preset, isPaused);
    } finally {
      isStarting = false;
      lab.tellRuns();
    }
    lab.putInFront(run);
    return follow(run);
  };
  lab.isRunStarting = () => isStarting;

  lab.steer = async function (order, extra = {}) {
    const run = lab.runUnderWay();
    if (!run) return {};
    const reply = await ask("steer_training", { key: run.key, order, ...extra });
    if (lab.isUnderWay(run)) {
      run.trouble = reply.error ? reply : null;
      if (order === "rate" && !reply.error) noteRate(run, extra.rate);
      lab.tellRuns();
      wake();
    }
    return reply;
  };

  function noteRate(run, rate) {
    run.rateChanges.push([run.points.at(-1)?.step ?? 0, rate]);
    lab.keepRun(run);
  }

  // A run that the server does not hear of for a while is ended by it, so this goes on, slowly,
  // while another tab is open. Only of a hidden page it knows that nobody asks.
  async function follow(run) {
    for (let misses = 0; lab.isUnderWay(run); ) {
      if (document.hidden) await new Promise((resolve) => (tellSeen = resolve));
      const reply = await ask("follow_training", { key: run.key, since: run.next });
      misses = reply.error === "connection_lost" ? misses + 1 : 0;
      if (!reply.error) take(run, reply);
      else if (!misses || misses > lab.RUN_PATIENCE) return lose(run, reply);
      else tellTrouble(run, reply);
      if (lab.isUnderWay(run)) await pause(misses ? lab.RUN_QUIET : paceOf(run));
    }
    lab.forgetKeptRun();
    return run;
  }

  function paceOf(run) {
    return run.state === "waiting" || !isSeen() ? lab.RUN_QUIET : lab.RUN_PAUSE;
  }

  function pause(time) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  function take(run, { points, view, verbs, ...facts }) {
    const told = () => [run.state, run.ahead, run.line, run.view?.step, run.verbs?.step].join();
    const before = told();
    const hadTrouble = Boolean(run.trouble);
    const { state, ahead, line, next, ending, trouble = null } = facts;
    Object.assign(run, { state, ahead, line, next, ending, trouble });
    run.view = view ?? run.view;
    run.verbs = verbs ?? run.verbs;
    run.points.push(...points);
    run.rateChanges = ending?.rate_changes ?? run.rateChanges; // the page knew the steps roughly
    if (points.length || told() !== before || hadTrouble) lab.tellRuns();
  }

  function tellTrouble(run, reply) {
    run.trouble = reply;
    lab.tellRuns();
  }

  function lose(run, reply) {
    Object.assign(run, { state: "failed", trouble: reply });
    lab.forgetKeptRun();
    lab.tellRuns();
    throw reply;
  }

  // ---- Hidden, left, loaded again ----

  async function tellSight() {
    if (isLeaving) return;
    await lab.steer(document.hidden ? "hidden" : "shown");
    if (!document.hidden) tellSeen();
  }

  function leave() {
    isLeaving = true;
    const run = lab.runUnderWay();
    if (run) lab.tellLeaving(run.key);
  }

  function comeBack({ persisted }) {
    isLeaving = false;
    if (persisted) tellSight();
  }

  function resume() {
    const run = lab.keptRun();
    if (!run) return;
    owner = run.owner;
    lab.putInFront(run);
    if (document.hidden) tellSight();
    follow(run).catch(() => run.points.length || drop(run)); // its trouble stands in the run
  }

  // The server knows nothing of it any more, and neither does this page.
  function drop(run) {
    lab.runs.splice(lab.runs.indexOf(run), 1);
    lab.showRun(lab.runs.at(-1) ?? null);
  }

  document.addEventListener("visibilitychange", tellSight);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", comeBack);
  resume();
};
