// From 0–4 to 5–9: settings, a comparison followed live, and what came of it.
lab.COMPARE_WAYS = ["scratch", "frozen", "tuned"];
lab.COMPARE_TEACHERS = ["digits04", "shuffled_pixels", "random_labels", "texture"];
lab.COMPARE_DEFAULTS = { teacher: "digits04", examples: 10, augmentation: true };
lab.COMPARE_TRIES = {
  one: { examples: 1 },
  plain: { augmentation: false },
  shuffled: { teacher: "shuffled_pixels", examples: 5 },
  labels: { teacher: "random_labels", examples: 5 },
  half: { locked: ["edges", "strokes"] },
  many: { examples: 500 },
};

lab.compareColour = (way) => lab.RUN_COLOURS[lab.COMPARE_WAYS.indexOf(way)];

lab.startCompareSection = async function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=compare-${name}]`);
  const notice = root.querySelector(".lab-compare-wrong");
  const live = lab.createCompareChart(find("chart"));
  const enough = lab.createEnoughChart(find("enough"));
  const landed = []; // the runs of this visit that came to their end
  let facts = null;
  let run = null; // the one that is shown
  let trouble = null;

  const controls = lab.createControls(find("settings"), {
    chapter: "compare",
    specs: [
      { key: "teacher", kind: "choice", choices: lab.COMPARE_TEACHERS, value: "digits04" },
      { key: "examples", kind: "slider", low: 1, high: 500, log: true, isWhole: true, value: 10 },
      { key: "augmentation", kind: "switch", value: true },
      { key: "seed", kind: "number", low: 0, high: 2147483647, step: 1, value: 0 },
    ],
    changed,
  });
  const teacher = lab.createTeacherCard(find("settings").firstElementChild);
  const ways = lab.createCompareWays(root, changed);
  const settings = () => ({ ...controls.values(), locked: ways.locked() });
  const code = lab.createIdeaCode(root, server, settings);
  const tell = lab.createTenths(root);
  const comparer = lab.createComparer(server, told);

  function changed() {
    code.changed();
    render();
  }

  function told(of) {
    if (of.state === "ended" && !landed.includes(of)) landed.push(of);
    if (of !== run) return;
    lab.countPicture(root);
    render();
  }

  function start() {
    if (!facts || comparer.isRunning()) return;
    trouble = null;
    run = comparer.start(settings());
    render();
    const { bottom } = find("chart").getBoundingClientRect();
    if (bottom > innerHeight) find("chart").scrollIntoView({ block: "end" }); // on a phone
  }

  async function tryOut({ locked = [], ...others }) {
    controls.set({ ...lab.COMPARE_DEFAULTS, ...others });
    ways.lock(locked);
    changed();
    await comparer.stop();
    start();
  }

  function renderButtons() {
    const isRunning = comparer.isRunning();
    lab.hold(find("start"), isRunning ? "transfer_why_start" : facts ? null : "hold_busy");
    lab.hold(find("stop"), isRunning ? null : "transfer_why_stop");
    lab.setWord(find("why"), isRunning ? "transfer_why_start" : "transfer_why_stop");
  }

  function renderNotice() {
    const wrong = run?.trouble ?? trouble;
    notice.textContent = wrong ? lab.sayTrouble(wrong) : "";
    notice.classList.toggle("is-wrong", Boolean(wrong));
  }

  function render() {
    renderButtons();
    renderNotice();
    if (!facts) return;
    const set = settings();
    teacher.show(facts, set);
    ways.show(facts, run, run?.settings ?? set);
    live.show(facts, run, landed.filter((each) => each !== run).at(-1));
    lab.setWord(find("about"), "transfer_about", lab.compareAbout(run?.settings ?? set));
    root.querySelector(".lab-train-empty").hidden = Boolean(run);
    lab.setWord(find("state"), ...lab.compareState(run, facts));
    const share = run?.total ? run.step / run.total : 0;
    root.querySelector(".lab-compare-progress i").style.width = `${100 * share}%`;
    tell(comparer.isRunning() ? share : null);
    lab.renderVerdict(find("verdict"), lab.compareVerdict(run, facts));
    renderEnough(set);
  }

  function renderEnough(set) {
    enough.show(facts, set, landed);
    lab.renderCompareLegend(find("legend"));
    const about = lab.compareAbout(set);
    lab.setWord(find("enough-about"), "transfer_enough_about", about);
    lab.setWord(find("enough-said"), ...lab.enoughSentence(facts, set));
  }

  find("start").addEventListener("click", start);
  find("stop").addEventListener("click", () => comparer.stop());
  for (const button of root.querySelectorAll("[data-try]")) {
    button.addEventListener("click", () => tryOut(lab.COMPARE_TRIES[button.dataset.try]));
  }
  lab.onLanguage(root, render);
  while (!facts) {
    const reply = await lab.patiently(server.compare_facts({}));
    if (!reply.error) facts = reply;
    trouble = reply.error ? reply : null;
    render();
    if (reply.error) await lab.compareBreath(lab.COMPARE_REST);
  }
};
