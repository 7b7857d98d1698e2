// The curve that tells the story: figures over the level of the chosen noise, a line a cleaner.
// What a point holds: its word, its values as text, which way is better, where its axis ends.
lab.CURVE_FIGURES = {
  recognised: {
    word: "curve_recognised",
    text: (value) => lab.say("percent", { number: lab.percent(value, 1) }),
    tick: (value) => lab.say("percent", { number: Number((100 * value).toFixed(1)) }),
    better: 1,
    most: 1,
  },
  psnr: {
    word: "curve_psnr",
    text: (value) =>
      value > 99.9
        ? lab.say("curve_unchanged")
        : lab.say("curve_decibels", { number: value.toFixed(1) }),
    tick: (value) => lab.say("curve_decibels", { number: Number(value.toFixed(1)) }),
    better: 1,
    leavesOutWeakest: true, // 100 dB for what is hardly spoiled: it would press all else flat
  },
  ssim: {
    word: "curve_ssim",
    text: (value) => value.toFixed(3),
    tick: (value) => String(Number(value.toFixed(3))),
    better: 1,
    most: 1,
  },
  mse: {
    word: "curve_mse",
    text: (value) => value.toFixed(4),
    tick: (value) => String(Number(value.toFixed(4))),
    better: -1,
    least: 0,
  },
};

// The place of the measured level that is nearest to a level.
lab.nearestStop = function (levels, level) {
  const distances = levels.map((stop) => Math.abs(stop - level));
  return distances.indexOf(Math.min(...distances));
};

lab.startCleanCurve = async function (element, server) {
  const root = element.querySelector("[data-testid=clean_curve]");
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  let shown = null; // the newest curves: {noise, levels, lines, missing}
  let trouble = null; // {error, details}
  let measure = "recognised"; // of CURVE_FIGURES
  let pointed = null; // the place of a level that the pointer is at
  let isChoosing = false; // a cleaner is chosen whose answer is on its way

  await lab.cleaningReady;
  const chart = lab.createCurveChart(find("curve_chart"), { choose, point });
  const ranks = lab.createCurveRanks(find("curve_ranks"), choose);
  const words = lab.createCurveWords(root);
  const table = lab.createCurveTable(find("curve_table"));
  const fresh = lab.createFreshCurve(root, { server, state, changed: draw });
  const curves = lab.createReader({
    current: () => (root.open ? { noise: lab.cleaning.noise } : null),
    ask: (request) => server.curves_of_noise(request),
    show: take,
    waiting: (late) => root.querySelector(".lab-curve-two").classList.toggle("is-waiting", late),
  });

  // All that is drawn, in one object; null until there are levels to draw.
  function state() {
    if (!shown) return null;
    const { noise, level, cleaner } = lab.cleaning;
    const stop = lab.nearestStop(shown.levels, level);
    const of = { ...shown, measure, figure: lab.CURVE_FIGURES[measure], cleaner, level, stop };
    // The visitor's own cleaner is named, and has not been measured.
    if (!(cleaner in of.lines)) of.lines = { ...of.lines, [cleaner]: of.levels.map(() => null) };
    // While another noise's curves are on their way, the last ones stay with their own level.
    if (noise !== shown.noise) Object.assign(of, { level: shown.levels[stop], isLate: true });
    return { ...of, at: pointed ?? stop, pointed, yours: yours(), rings: fresh.points() };
  }

  // How the visitor's digit is read: null where there is none, or its answer is on its way.
  function yours() {
    const { digit, reply, label } = lab.cleaning;
    if (!digit || isChoosing || !reply?.after || !reply.before) return null;
    const truth = label ?? reply.original?.label ?? null;
    const [before, after] = [reply.before.label, reply.after.label];
    return { before, after, truth, isRight: truth !== null && String(after) === String(truth) };
  }

  // The curve is chosen at once; a linear map may need a second to be fitted before it answers.
  function choose(cleaner) {
    if (cleaner === lab.cleaning.cleaner) return;
    isChoosing = Boolean(lab.cleaning.digit);
    lab.setCleaning({ cleaner });
    draw();
  }

  function point(stop) {
    if (stop === pointed) return;
    pointed = stop;
    draw();
  }

  function take(reply) {
    if (reply.error) trouble = reply;
    else {
      if (reply.noise !== shown?.noise) pointed = null;
      [shown, trouble] = [reply, null];
    }
    draw();
    if (!trouble && shown.noise !== lab.cleaning.noise) curves.want();
  }

  function renderNotice() {
    const none = shown?.missing.length > lab.CLEANERS.length;
    const missing = shown?.missing.map(lab.nameOfCleaner) ?? [];
    let sentence = "";
    if (trouble) sentence = lab.say(trouble.error, trouble.details);
    else if (none) sentence = lab.say("curve_missing_all");
    else if (missing.length) sentence = lab.say("curve_missing", { cleaners: lab.listed(missing) });
    const notice = find("curve_notice");
    if (notice.textContent !== sentence) notice.textContent = sentence; // heard once
    notice.classList.toggle("is-wrong", Boolean(trouble));
    notice.classList.toggle("is-empty", Boolean(none));
  }

  function renderMeasures() {
    const place = root.querySelector(".lab-curve-measures");
    for (const [key, { word }] of Object.entries(lab.CURVE_FIGURES)) {
      let button = place.querySelector(`[value=${key}]`);
      if (!button) {
        button = Object.assign(document.createElement("button"), { type: "button", value: key });
        button.addEventListener("click", () => ((measure = key), draw()));
        place.append(button);
      }
      lab.setWord(button, word);
      button.setAttribute("aria-pressed", String(key === measure));
    }
  }

  function draw() {
    renderNotice();
    renderMeasures();
    fresh.render();
    const drawn = state();
    if (!drawn || !root.open) return;
    chart.show(drawn);
    ranks.show(drawn);
    words.show(drawn);
    table.show(drawn);
    lab.setWord(find("curve_at"), ...headline(drawn));
  }

  function headline({ noise, levels, at, level, isLate }) {
    const text = lab.levelText(noise, levels[at]);
    const isOther = pointed === null && !isLate && Math.abs(levels[at] - level) > 1e-6;
    if (!isOther) return ["curve_at", { level: text }];
    return ["curve_nearest", { level: text, yours: lab.levelText(noise, level) }];
  }

  function follow() {
    if (!root.open) return fresh.stop();
    fresh.keepTo(lab.cleaning.noise);
    if (lab.cleaning.noise !== shown?.noise) curves.want();
    draw();
  }

  root.addEventListener("toggle", () => {
    if (shown?.missing.length) curves.want(); // they may have been measured since
    follow();
  });
  new ResizeObserver(draw).observe(find("curve_chart"));
  lab.createPanel(root, { render: draw });
  lab.onCleaning(() => {
    isChoosing = false;
    follow();
  });
};
