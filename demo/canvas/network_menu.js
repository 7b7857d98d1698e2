// The networks to read with: those that are shipped, and the visitor's own behind them.

// `ask` gets the shipped ones, `shown` the chosen one's line whenever it may have changed, and
// `chosen` the same after the visitor has chosen.
lab.createNetworkMenu = function (select, { ask, shown, chosen }) {
  let shipped = [];
  let usual = null; // the server's own choice
  let model = null; // the chosen one; the usual one until the menu is there

  function all() {
    return [...shipped, ...lab.ownNetworks.lines().map(withItsBase)];
  }

  // A tuned network refuses as the one that it was tuned from.
  function withItsBase(line) {
    return { ...line, refuses: shipped.find(({ name }) => name === line.base)?.refuses };
  }

  function find(name) {
    return all().find((line) => line.name === name);
  }

  function option(line) {
    const known = line.base ? "network_own" : "network_accuracy";
    const details = { name: line.base ?? line.name, count: line.digits };
    details.percent = lab.percent(line.accuracy ?? 0, 1);
    const text = lab.say(line.accuracy === null ? "network_unknown" : known, details);
    return new Option(text, line.name, false, line.name === model);
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
    render();
    return reply;
  }

  // Back to the usual one, when the server has lost the chosen one.
  function leave() {
    const gone = model;
    model = usual;
    lab.ownNetworks.drop(gone);
  }

  select.addEventListener("change", () => choose(select.value));
  return { all, choose, load, leave, render, chosen: () => model };
};
