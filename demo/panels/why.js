// Why not another digit: the smallest change that turns the answer, and fooling it on purpose.
lab.SETTLED = 250; // ms without a new answer until the drawing counts as done
lab.foolReady = new Promise((resolve) => (lab.foolIsReady = resolve));

lab.startWhy = function (element, server) {
  const root = element.querySelector("[data-testid=why]");
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const template = root.querySelector("template");
  const halves = { turn: find("turn"), fool: find("fool") };
  let reading = null; // what is on the sheet: {request, reply}
  let settling = null; // the timer that runs while one draws
  let put = null; // {result, half} that was put on the sheet
  let last = "turn"; // the half whose result the other tabs are offered

  const results = Object.fromEntries(
    Object.entries(halves).map(([name, section]) => [
      name,
      lab.createChange(section, template, (result) => putOnSheet(name, result)),
    ]),
  );
  const turn = lab.createTurn(halves.turn, {
    server,
    reading: () => reading,
    waiting: (late) => dim("turn", late),
    show: (reply) => show("turn", reply),
    picked: () => (use("turn"), fool.restart()),
  });
  const fool = lab.createFool(halves.fool, {
    server,
    reading: () => reading,
    target: turn.target,
    waiting: (late) => dim("fool", late),
    show: (reply) => show("fool", reply),
    used: () => use("fool"),
  });
  const kept = { turn: null, fool: null }; // the newest result of each half
  lab.changedDigit = null; // base64 of 28 x 28 bytes, for the tab that cleans

  function use(name) {
    last = name;
    offer();
  }

  function offer() {
    lab.changedDigit = kept[last]?.changed ?? null;
  }

  function dim(name, late) {
    halves[name].classList.toggle("is-waiting", late || settling !== null);
  }

  function show(name, reply) {
    kept[name] = reply?.error ? null : reply;
    results[name].show(kept[name]);
    offer();
  }

  function putOnSheet(half, result) {
    put = { half, result };
    use(half);
    turn.forget(); // what it should become is asked anew: it has become that
    lab.putOnSheet(lab.SEEN_SIDE, lab.SEEN_SIDE, result.changed);
  }

  // How the sheet reads what was put there, which is scaled and centred again.
  function tellPut() {
    if (!put) return;
    const isThere = reading?.request.pixels === put.result.changed;
    if (!isThere) {
      results[put.half].say(null);
      put = null;
      return;
    }
    const { label } = reading.reply;
    const key = label === put.result.after.label ? "why_put_same" : "why_put_other";
    results[put.half].say(label === null ? "why_put_refused" : key, { digit: label });
  }

  function follow(told) {
    clearTimeout(settling);
    reading = told;
    tellPut();
    settling = reading && setTimeout(settled, lab.SETTLED);
    Object.keys(halves).forEach((name) => dim(name, false));
    if (reading) return render();
    turn.forget();
    fool.forget();
    Object.keys(halves).forEach((name) => show(name, null));
    return render();
  }

  function settled() {
    settling = null;
    turn.want();
    fool.restart();
  }

  function render() {
    Object.values(results).forEach((result) => result.render());
    turn.render();
    fool.render();
  }

  lab.createPanel(root, { show: follow, render, digits: true });
  lab.foolIsReady(fool);
};
