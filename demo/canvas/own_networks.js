// The visitor's own networks: the server keeps them for a while, this window knows their keys.
lab.createOwnNetworks = function (storageKey) {
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

  function isLine(line) {
    return /^own:./.test(line?.name) && typeof line.base === "string" && line.accuracy <= 1;
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

    // From the server's answer; it also says which older ones it still keeps. `digits` it was tuned
    // with, or the `run` that it comes from, with its number and colour; neither for a file's.
    keep({ name, base, accuracy, digits, run, number, colour, owner: mine, kept }) {
      owner = mine;
      const line = { name, base, accuracy, digits, run, number, colour };
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

// The name of a network as one reads it: a visitor's own one is called after where it came from.
lab.networkTitle = function ({ name, base, digits, number }) {
  if (!base) return name;
  if (digits !== undefined) return lab.say("own_name", { name: base });
  return lab.say(number ? "train_yours" : "train_yours_file", { name: base, number });
};
