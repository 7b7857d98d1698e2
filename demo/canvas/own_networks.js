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

    // From the server's answer to a fine-tuning; it also says which older ones it still keeps.
    keep({ name, base, accuracy, digits, owner: mine, kept }) {
      owner = mine;
      lines = [...lines.filter((line) => kept.includes(line.name)), { name, base, accuracy, digits }];
      changed();
    },

    drop(name) {
      lines = lines.filter((line) => line.name !== name);
      changed();
    },
  };
};

lab.ownNetworks = lab.createOwnNetworks("lab.own_networks");
