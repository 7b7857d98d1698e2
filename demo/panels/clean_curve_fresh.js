// "Measure now": the curves once more on fresh test digits, ring by ring, while one looks on.
lab.FOLLOW_PAUSE = 300; // ms between two questions how far it is

// `state` gives what is drawn, null before there is anything; `changed` is told of new rings.
lab.createFreshCurve = function (root, { server, state, changed }) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const [start, stop, notice] = ["start", "stop", "notice"].map((name) => find(`measure_${name}`));
  const bar = root.querySelector(".lab-curve-counted [role=progressbar]");
  let owner; // the key by which the server knows whose measurement ends when another begins
  let running = null; // {key}; the key is there once the server has answered
  let told = null; // what the server said last of the running measurement, or of the last one
  let trouble = null; // {error, details}
  let points = []; // those that are there
  let noise = null; // of which they are
  const pace = lab.createPace();

  async function begin() {
    const { cleaner } = lab.cleaning;
    noise = lab.cleaning.noise;
    const mine = (running = { key: null });
    [told, trouble, points] = [null, null, []];
    pace.forget();
    changed();
    const reply = await lab.patiently(server.measure_fresh({ noise, cleaner, owner }));
    owner = reply.owner ?? owner;
    mine.key = reply.key ?? null;
    if (running !== mine) return end(mine); // stopped before it began
    if (reply.error) fail(reply);
    else await follow(mine);
  }

  async function follow(mine) {
    while (running === mine) {
      const request = { key: mine.key, known: points.length };
      const reply = await lab.patiently(server.follow_fresh(request));
      if (running !== mine) return;
      if (reply.error) return fail(reply);
      told = reply;
      if (reply.state === "running") pace.note(reply.done / reply.total);
      points.push(...reply.points);
      if (reply.trouble) return fail(reply.trouble);
      if (reply.state === "failed") return fail({ error: "something_wrong" });
      if (!["waiting", "running"].includes(reply.state)) running = null;
      changed();
      await new Promise((resolve) => setTimeout(resolve, lab.FOLLOW_PAUSE));
    }
  }

  function fail(reply) {
    [running, trouble] = [null, reply];
    changed();
  }

  function end({ key }) {
    if (key) lab.patiently(server.stop_fresh({ key })); // what it answers changes nothing here
  }

  function halt() {
    if (!running) return;
    end(running);
    running = null;
    told = { ...told, state: "stopped" };
    changed();
  }

  // Rings of another noise than the chosen one are not of its curves.
  function keepTo(chosen) {
    if (chosen === noise) return;
    if (running) end(running);
    [running, told, trouble, points] = [null, null, null, []];
  }

  // What the fresh digits say of the chosen cleaner at the level, beside the whole test set.
  function compared() {
    const drawn = state();
    const { levels, stop: at, cleaner, lines } = drawn ?? {};
    const isIt = (point) => point.cleaner === cleaner && point.level === levels[at];
    if (drawn?.noise !== noise) return "";
    const [fresh, kept] = [points.find(isIt), lines?.[cleaner]?.[at]];
    if (!fresh || !kept) return "";
    return lab.say("measure_compared", {
      cleaner: lab.nameOfCleaner(cleaner),
      level: lab.levelText(noise, levels[at]),
      fresh: lab.CURVE_FIGURES.recognised.text(fresh.recognised),
      kept: lab.CURVE_FIGURES.recognised.text(kept.recognised),
      margin: lab.marginOf(fresh.recognised, told.digits).toFixed(1),
      count: told.digits,
    });
  }

  function sentence() {
    if (trouble) return lab.say(trouble.error, trouble.details);
    if (told?.ahead) return lab.say("measure_line", { number: told.ahead + 1 });
    if (running || !told) return lab.say("measure_hint");
    if (told.state === "stopped") return lab.say("measure_stopped");
    return compared() || lab.say("measure_done", { count: told.digits });
  }

  function render() {
    const fresh = state()?.fresh;
    start.hidden = Boolean(running);
    stop.hidden = !running;
    lab.hold(start, fresh ? null : "hold_busy");
    lab.setWord(start, "measure_start", { count: fresh });
    const words = sentence();
    if (notice.textContent !== words) notice.textContent = words;
    notice.classList.toggle("is-wrong", Boolean(trouble));
    const share = told?.total ? told.done / told.total : 0;
    bar.setAttribute("aria-valuenow", Math.round(100 * share));
    bar.firstChild.style.width = `${100 * share}%`;
    const [done, total] = [told?.done, told?.total].map((count) => lab.wholeNumber(count ?? 0));
    bar.parentElement.classList.toggle("is-empty", !told?.total);
    const counted = lab.say("measure_counted", { done, total });
    find("measure_counted").textContent = running ? pace.after(counted) : counted;
  }

  start.addEventListener("click", begin);
  stop.addEventListener("click", halt);
  return { points: () => points, stop: halt, keepTo, render };
};

// Two standard errors of a share of `count` digits, in points; Agresti and Coull 1998.
lab.marginOf = function (share, count) {
  const middle = (share * count + 2) / (count + 4);
  return 200 * Math.sqrt((middle * (1 - middle)) / (count + 4));
};
