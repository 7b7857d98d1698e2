// The networks to read with: those that are shipped, and the visitor's own behind them.

// `ask` gets the shipped ones, `shown` the chosen one's line whenever it may have changed, and
// `chosen` the same after the visitor has chosen.
lab.createNetworkMenu = function (select, { ask, shown, chosen }) {
  let shipped = [];
  let usual = null; // the server's own choice
  let model = null; // the chosen one; the usual one until the menu is there

  function all() {
    const own = lab.ownNetworks.lines().map(withItsBase);
    return [...shipped, ...own, ...lab.taughtNetworks.lines()];
  }

  // A tuned network refuses as the one that it was tuned from; one that was trained here doubts
  // nothing, since it was never calibrated.
  function withItsBase(line) {
    const base = shipped.find(({ name }) => name === line.base);
    return { ...line, refuses: line.digits === undefined ? false : base?.refuses };
  }

  function find(name) {
    return all().find((line) => line.name === name);
  }

  function option(line) {
    return new Option(described(line), line.name, false, line.name === model);
  }

  function described(line) {
    if (line.names) return lab.networkTitle(line);
    const percent = lab.percent(line.accuracy ?? 0, 1);
    const tuned = { name: line.base, count: line.digits, percent };
    if (line.digits) return lab.say("network_own", tuned);
    const name = lab.networkTitle(line);
    if (line.accuracy !== null) return lab.say("network_accuracy", { name, percent });
    return line.base ? name : lab.say("network_unknown", { name });
  }

  function render() {
    select.replaceChildren(...all().map(option));
    shown(find(model));
    document.dispatchEvent(new Event("lab-networks")); // for the panels
  }

  function choose(name) {
    model = name;
    render();
    chosen(find(name));
  }

  async function load() {
    const reply = await ask();
    shipped = reply.networks ?? [];
    model = usual = reply.chosen ?? null;
    lab.ownNetworks.onChange(render);
    lab.taughtNetworks.onChange(render);
    render();
    return reply;
  }

  // Back to the usual one, when the server has lost the chosen one.
  function leave() {
    const gone = model;
    model = usual;
    for (const own of [lab.ownNetworks, lab.taughtNetworks]) own.drop(gone);
  }

  select.addEventListener("change", () => choose(select.value));
  // Whether the chosen one names other things than the ten digits.
  const isTaught = () => Boolean(find(model)?.names);

  return { all, choose, load, leave, render, isTaught, chosen: () => model, usual: () => usual };
};
