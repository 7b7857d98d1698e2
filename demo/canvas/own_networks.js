// The visitor's own networks: the server keeps them for a while, this window knows their keys.
// What is known of one: `digits` it was tuned with, or the `run` that it comes from, with its number
// and colour; neither for a file's.
lab.OWN_NETWORK = ["name", "base", "accuracy", "digits", "run", "number", "colour"];
// What is known of one that was taught other names than the ten digits, and of its examples.
lab.TAUGHT_NETWORK = ["name", "kind", "names", "head", "seconds", "of"];

lab.isOwnLine = function (line) {
  return /^own:./.test(line?.name) && typeof line.base === "string" && line.accuracy <= 1;
};

lab.isTaughtLine = function (line) {
  return /^taught:./.test(line?.name) && Array.isArray(line.names) && line.names.length > 1;
};

lab.createOwnNetworks = function (storageKey, fields = lab.OWN_NETWORK, isLine = lab.isOwnLine) {
  const listeners = new Set();
  let { owner, lines } = restored(); // the server's key for this visitor; a line a network

  function restored() {
    const none = { owner: null, lines: [] };
    try {
      const kept = JSON.parse(sessionStorage.getItem(storageKey));
      return Array.isArray(kept?.lines) && kept.lines.every(isLine) ? kept : none;
    } catch {
      return none;
    }
  }

  function changed() {
    try {
      sessionStorage.setItem(storageKey, JSON.stringify({ owner, lines }));
    } catch {
      // Storage is off or full: known on this page only.
    }
    listeners.forEach((listener) => listener());
  }

  return {
    lines: () => lines,
    owner: () => owner,
    onChange: (listener) => listeners.add(listener),

    // From the server's answer; it also says which older ones it still keeps.
    keep({ owner: mine, kept, ...known }) {
      owner = mine;
      const line = Object.fromEntries(fields.map((field) => [field, known[field]]));
      lines = [...lines.filter((older) => kept.includes(older.name)), line];
      changed();
    },

    drop(name) {
      lines = lines.filter((line) => line.name !== name);
      changed();
    },
  };
};

lab.ownNetworks = lab.createOwnNetworks("lab.own_networks"); // readers
lab.ownCleaners = lab.createOwnNetworks("lab.own_cleaners");
lab.taughtNetworks = lab.createOwnNetworks("lab.taught", lab.TAUGHT_NETWORK, lab.isTaughtLine);

// The name of a network as one reads it: a visitor's own one is called after where it came from.
lab.networkTitle = function ({ name, names, kind, base, digits, number }) {
  if (names) return lab.say(`network_taught_${kind}`, { names: names.join(" ") });
  if (!base) return name;
  if (digits !== undefined) return lab.say("own_name", { name: base });
  return lab.say(number ? "train_yours" : "train_yours_file", { name: base, number });
};
