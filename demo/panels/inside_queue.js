// What the panel asks of the server: one request at a time, the most urgent first, and none while
// an answer is under way.

// `jobs` maps names, from urgent to patient, to functions that ask, wait and show.
lab.inside.createQueue = function (jobs) {
  const due = new Map(); // name: from when on it may be asked
  let working = false;
  let timer;

  // Wanting again what is still waiting begins its pause anew.
  function want(name, pause = 0) {
    due.set(name, performance.now() + pause);
    pump();
  }

  function pump() {
    clearTimeout(timer);
    if (working || !due.size) return;
    const now = performance.now();
    const name = Object.keys(jobs).find((one) => due.get(one) <= now);
    if (name) work(name);
    else timer = setTimeout(pump, Math.min(...due.values()) - now);
  }

  async function work(name) {
    working = true;
    try {
      await lab.answered();
      due.delete(name);
      await jobs[name]();
    } finally {
      working = false;
      pump();
    }
  }

  return { want };
};
