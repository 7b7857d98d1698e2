// The Denoise tab: the digit, the noise and the cleaner that are chosen, and who follows them.
lab.CLEAN_SETTLED = 150; // ms without a new answer until all cleaners are asked

lab.cleaning = {
  digit: null, // base64 of 28 x 28 bytes, as the others
  shownDigit: null, // the one of the newest answer
  source: null, // "own", "test" or "picture"
  label: null, // the digit that it is, where that is known
  noise: "gaussian",
  level: 0.5,
  seed: 0,
  cleaner: "denoiser", // a key of lab.allCleaners()
  spoiled: null,
  cleaned: null,
  reply: null, // the server's newest answer
};
lab.USUAL_CLEANER = lab.cleaning.cleaner;
lab.NO_CLEANER = "nothing"; // the spoiled digit as it is, as models/curves.py has it
lab.cleaningHearers = new Set();
lab.NOISES = [];
lab.CLEANERS = []; // the shipped ones
lab.ownCleaner = (key) => lab.ownCleaners.lines().find(({ name }) => name === key);
lab.nameOfCleaner = function (key) {
  const own = lab.ownCleaner(key);
  if (!own) return lab.say(`cleaner_${key}`);
  const base = lab.tables[lab.language][`cleaner_${own.base}`] ?? own.base;
  return lab.networkTitle({ ...own, base });
};

// The shipped ones and the visitor's own behind them.
lab.allCleaners = function () {
  const entry = ({ name, colour }) => ({ key: name, kind: "network", colour });
  return [...lab.CLEANERS, ...lab.ownCleaners.lines().map(entry)];
};
lab.cleaningReady = new Promise((resolve) => (lab.cleaningIsReady = resolve));

// Calls `listener` with lab.cleaning at once, after each answer, and when the digit is gone.
lab.onCleaning = function (listener) {
  lab.cleaningHearers.add(listener);
  listener(lab.cleaning);
};

lab.tellCleaning = function () {
  lab.cleaningHearers.forEach((listener) => listener(lab.cleaning));
};

// "σ = 0.50", "25 %", "4 px"
lab.levelText = function (noise, level) {
  const entry = lab.NOISES.find(({ key }) => key === noise);
  if (!entry) return "";
  const share = entry.unit === "share";
  const decimals = share ? (100 * level) % 1 && 1 : entry.step < 1 ? 2 : 0;
  return lab.say(`unit_${entry.unit}`, { level: (share ? 100 * level : level).toFixed(decimals) });
};

lab.startDenoiseTab = function (element, server) {
  const find = (name) => element.querySelector(`[data-testid=${name}]`);
  const state = lab.cleaning;
  const notice = find("clean-notice");
  let trouble = null; // {error, details} of the sentence under the sources
  let settling = null; // the timer that runs while the slider moves

  const stage = lab.createCleanStage(element.firstElementChild);
  const controls = lab.createNoiseControls(element.querySelector(".lab-clean-source"), {
    changed: (changes) => lab.setCleaning(changes),
    refused: (details) => say({ error: "clean_level_range", details }),
  });
  const cards = lab.createCleanCards(element.querySelector(".lab-clean-all"), {
    ask: (request) => server.compare_cleaners(request),
    chosen: (cleaner) => lab.setCleaning({ cleaner }),
  });
  let asked = null; // the request under way
  const reader = lab.createReader({
    current: () => (isSeen() ? request() : null),
    ask: (wanted) => server.clean_up((asked = wanted)),
    show,
    waiting: (late) => element.firstElementChild.classList.toggle("is-waiting", late),
  });

  lab.setCleaning = (changes) => {
    Object.assign(state, changes);
    say(null);
    controls.render();
    cards.render();
    if (state.digit) reader.want();
  };
  lab.cleanThis = (digit, source, label = null) => {
    Object.assign(state, { digit, source, label });
    lab.setCleaning({});
    renderSources();
  };

  // While another tab is open nothing is asked here: its answers come first.
  const isSeen = () => element.firstElementChild.offsetParent !== null;

  function request() {
    const { digit, noise, level, seed, cleaner } = state;
    return digit && { digit, noise, level, seed, cleaner };
  }

  function show(reply) {
    if (reply.error === "own_cleaner_gone") lab.ownCleaners.drop(asked.cleaner);
    if (reply.error) return say(reply); // the last good picture stays
    const { spoiled, cleaned } = reply;
    Object.assign(state, { spoiled, cleaned, reply, shownDigit: asked.digit });
    render();
    lab.tellCleaning();
    clearTimeout(settling);
    settling = setTimeout(() => cards.want(request()), lab.CLEAN_SETTLED);
  }

  // The one line under the sources: what is wrong, else nothing but its place.
  function say(wrong) {
    trouble = wrong;
    lab.setWord(notice, wrong?.error ?? "clean_hint", wrong?.details);
    notice.classList.toggle("is-wrong", Boolean(wrong));
  }

  function renderSources() {
    for (const name of ["own", "test", "picture"]) {
      find(`clean-${name}`).setAttribute("aria-pressed", String(state.source === name));
    }
  }

  function render() {
    stage.render();
    controls.render();
    cards.render();
    renderSources();
  }

  function takeOwn() {
    const seen = lab.reading?.reply.seen;
    if (!seen) return say({ error: "clean_draw_first", details: {} });
    return lab.cleanThis(seen, "own");
  }

  async function takeTest() {
    const reply = await lab.patiently(server.random_test_digit({}));
    if (reply.error) say(reply);
    else lab.cleanThis(reply.digit, "test", reply.label);
  }

  async function takePicture(file) {
    try {
      const { width, height, levels } = await lab.readPicture(file);
      const picture = { kind: "picture", width, height, pixels: lab.toText(levels) };
      const reply = await lab.patiently(server.digit_shown(picture));
      if (reply.error) say(reply);
      else lab.cleanThis(reply.digit, "picture");
    } catch (error) {
      say({ error: error.message, details: {} });
    }
  }

  async function start() {
    const menu = await lab.patiently(server.denoise_menu({}));
    if (menu.error) return say(menu);
    lab.NOISES = menu.noises;
    lab.CLEANERS = menu.cleaners;
    lab.ownCleaners.onChange(followOwn);
    controls.fill();
    lab.cleaningIsReady();
    lab.onReading((reading) => {
      const follows = state.source === "own" || state.source === null;
      if (follows && reading?.reply.seen) lab.cleanThis(reading.reply.seen, "own");
    });
    await firstSight();
    return state.digit ? null : takeTest();
  }

  // One of the visitor's own came, or is gone: where it was chosen the usual one cleans on.
  function followOwn() {
    if (!lab.allCleaners().some(({ key }) => key === state.cleaner)) {
      state.cleaner = lab.USUAL_CLEANER;
      if (state.digit) reader.want();
    }
    render();
  }

  // Resolves once the tab has been opened; each time that it is, what was missed is asked.
  function firstSight() {
    return new Promise((resolve) => {
      new IntersectionObserver(([{ isIntersecting }]) => {
        if (!isIntersecting) return;
        resolve();
        if (state.digit) reader.want();
      }).observe(element.firstElementChild);
    });
  }

  find("clean-own").addEventListener("click", takeOwn);
  find("clean-test").addEventListener("click", takeTest);
  find("clean-picture").addEventListener("click", () => find("clean-file").click());
  find("clean-file").addEventListener("change", ({ target }) => {
    if (target.files.length) takePicture(target.files[0]);
    target.value = ""; // so that the same file can be chosen again
  });
  new MutationObserver(render).observe(document.body, { attributeFilter: ["class"] }); // theme
  lab.onLanguage(element, () => {
    render();
    say(trouble);
  });
  start();
};
