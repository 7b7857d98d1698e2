// A copy of a network fine-tuned with the visitor's digits: before, after, and what that is worth.
lab.TUNE_PATIENCE = 60000; // ms; in line, in training and in measuring
lab.TUNE_POLL = 500; // ms between two questions how far it is
lab.ENOUGH_TO_KEEP_BACK = 10; // digits, as models/fine_tune.py has it

lab.createOwnTuning = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const [base, notice, result] = ["own_base", "own_tune_notice", "own_tuned"].map(find);
  const pace = lab.createPace();
  const clock = lab.createClock(find("own_tune_clock"), "tune_clock", pace.after);
  let running = null; // the name of the network that is being tuned
  let ticket = null; // by which the server tells how far that is
  let trouble = null; // {error, details}
  let tuned = null; // the server's last answer

  function verdict({ learned, kept_back: kept }) {
    const gained = learned.after - learned.before + (kept ? kept.after - kept.before : 0);
    if (gained > 0) return ["tune_better", { count: gained }];
    return [gained < 0 ? "tune_worse" : "tune_same", {}];
  }

  function sentence() {
    if (running) return ["tune_running", { name: running }];
    if (trouble) return [trouble.error, trouble.details];
    return tuned ? verdict(tuned) : [null];
  }

  function honest({ kept_back: kept, stopped_early: stopped, steps }) {
    const about = kept
      ? lab.say("tune_kept_back")
      : lab.say("tune_all_used", { count: lab.ENOUGH_TO_KEEP_BACK });
    return stopped ? `${lab.say("tune_stopped", { count: steps })} ${about}` : about;
  }

  function row(key, { images, before, after }, asShare) {
    const line = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    lab.setWord(head, key);
    line.append(head);
    for (const right of [before, after]) {
      const cell = document.createElement("td");
      if (asShare) lab.setWord(cell, "percent", { number: lab.percent(right / images, 1) });
      else lab.setWord(cell, "own_of", { right, count: images });
      line.append(cell);
    }
    return line;
  }

  function renderResult() {
    result.hidden = !tuned;
    result.classList.toggle("is-waiting", Boolean(running));
    if (!tuned) return;
    const rows = [row("own_learned", tuned.learned)];
    if (tuned.kept_back) rows.push(row("own_kept_back", tuned.kept_back));
    rows.push(row("own_tests", tuned.test, true));
    result.querySelector("tbody").replaceChildren(...rows);
    result.querySelector(".lab-own-honest").textContent = honest(tuned);
  }

  // The shipped networks; small_cnn first chosen, since it learns in seconds.
  function renderBases() {
    const lines = (lab.networks?.all() ?? []).filter((line) => !line.base && !line.error && !line.names);
    const names = lines.map(({ name }) => name);
    if (names.join() === [...base.options].map(({ value }) => value).join()) return;
    base.replaceChildren(...names.map((name) => new Option(name)));
    base.value = names.includes("small_cnn") ? "small_cnn" : (names[0] ?? "");
  }

  function render() {
    renderBases();
    clock.render();
    const busy = running || !base.value ? "hold_busy" : null;
    lab.hold(base, busy);
    lab.hold(find("own_tune"), busy ?? (lab.own.all().length ? null : "own_empty"));
    const [key, details] = sentence();
    lab.setWord(notice, key, details);
    notice.classList.toggle("is-wrong", !running && Boolean(trouble));
    renderResult();
  }

  async function tune() {
    const request = { model: base.value, digits: lab.ownRequest(lab.own.all()) };
    request.owner = lab.ownNetworks.owner();
    request.ticket = lab.randomName();
    running = base.value;
    trouble = null;
    pace.forget();
    follow(request.ticket);
    clock.run(true);
    render();
    const reply = await lab.patiently(server.tune_own(request), lab.TUNE_PATIENCE);
    running = ticket = null;
    clock.run(false);
    if (reply.error) trouble = reply;
    else {
      tuned = reply;
      lab.ownNetworks.keep({ ...reply, digits: request.digits.length });
    }
    render();
  }

  // How far it is, as long as it is under way.
  async function follow(mine) {
    ticket = mine;
    while (ticket === mine) {
      await new Promise((resolve) => setTimeout(resolve, lab.TUNE_POLL));
      const { share } = await lab.patiently(server.tune_progress({ ticket: mine }));
      if (ticket === mine && share) pace.note(share);
    }
  }

  async function take() {
    const reply = await lab.patiently(server.take_own({ model: tuned.name }));
    trouble = reply.error ? reply : null;
    const name = `${reply.base}-own.safetensors`;
    if (!trouble) lab.offerFile(reply.file, "application/octet-stream", name);
    render();
  }

  find("own_tune").addEventListener("click", tune);
  find("own_use").addEventListener("click", () => lab.networks.choose(tuned.name));
  find("own_take").addEventListener("click", take);
  base.addEventListener("change", () => {
    trouble = null;
    render();
  });
  return { render };
};
