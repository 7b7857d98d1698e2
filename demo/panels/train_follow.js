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

  const ask = (name, request) => lab.patiently(server[name]?.(request));

  async function begin(recipe, preset, isPaused) {
    const reply = await ask("start_training", { recipe, owner, paused: isPaused });
    if (reply.error) throw reply;
    owner = reply.owner;
    const run = lab.newRun(reply, { preset });
    if (isPaused) run.state = "paused";
    lab.keepRun(run);
    return run;
  }

  // Resolves with the run once it has ended; rejects with {error, details} where it never began
  // or was lost.
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
    if (isPaused) lab.steer("pause").then(() => lab.steer("step"));
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
  // while another tab is open.
  async function follow(run) {
    for (let misses = 0; lab.isUnderWay(run); ) {
      const reply = await ask("follow_training", { key: run.key, since: run.points.length });
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
    const isQuiet = run.state === "waiting" || document.hidden || !isSeen();
    return isQuiet ? lab.RUN_QUIET : lab.RUN_PAUSE;
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

  function take(run, { state, ahead, line, points, view, verbs, ending }) {
    const was = [run.state, run.ahead, run.line, run.view?.step, run.verbs?.step, run.trouble];
    Object.assign(run, { state, ahead, line, ending, trouble: null });
    run.view = view ?? run.view;
    run.verbs = verbs ?? run.verbs;
    run.points.push(...points);
    const is = [run.state, run.ahead, run.line, run.view?.step, run.verbs?.step, run.trouble];
    if (points.length || is.some((value, at) => value !== was[at])) lab.tellRuns();
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

  function tellSight() {
    if (!isLeaving) lab.steer(document.hidden ? "hidden" : "shown");
  }

  // The page may stand below a path of its host.
  function leavingAddress() {
    const address = new URL(document.baseURI);
    address.pathname = `${address.pathname.replace(/\/$/, "")}/lab/leave`;
    return `${address.origin}${address.pathname}`;
  }

  function leave() {
    isLeaving = true;
    const run = lab.runUnderWay();
    if (run) navigator.sendBeacon(leavingAddress(), run.key);
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
    follow(run).catch(() => {}); // its trouble stands in the run
  }

  document.addEventListener("visibilitychange", tellSight);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", comeBack);
  resume();
};
