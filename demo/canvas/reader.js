// Sends what is drawn while it is drawn: one request under way, the newest waiting, all others
// dropped.
lab.SHORTEST_INTERVAL = 30; // ms between two requests
lab.LONGEST_INTERVAL = 250;
lab.BREATH = 1.25; // times the last answer's wait until the next request
lab.PATIENCE = 15000; // ms until a request without an answer counts as lost

// `current` gives the request as it stands now, or null when there is nothing to read;
// `ask` sends it; `show` takes the answer.
lab.createReader = function ({ current, ask, show, waiting }) {
  let wanted = false;
  let underWay = false;
  let interval = lab.SHORTEST_INTERVAL;
  let lastSent = -Infinity;
  let generation = 0; // answers to what is no longer on the sheet are thrown away
  let exchanged = Promise.resolve(); // the last exchange

  function want() {
    wanted = true;
    if (!underWay) pump();
  }

  function forget() {
    generation += 1;
    wanted = false;
  }

  function pump() {
    underWay = true;
    const pause = Math.max(0, lastSent + interval - performance.now());
    if (pause > 0) setTimeout(send, pause);
    else send();
  }

  async function send() {
    const request = wanted ? current() : null;
    wanted = false;
    if (request) await (exchanged = exchange(request, generation));
    underWay = false;
    if (wanted) pump();
  }

  async function exchange(request, asked) {
    lastSent = performance.now();
    const timer = setTimeout(waiting, 400, true);
    const answer = await lab.patiently(ask(request));
    clearTimeout(timer);
    waiting(false);
    // A little longer than the server took: a busy one is asked less often.
    const took = performance.now() - lastSent;
    interval = Math.min(Math.max(lab.BREATH * took, lab.SHORTEST_INTERVAL), lab.LONGEST_INTERVAL);
    if (asked === generation) show(answer);
  }

  // Resolves once no request is under way, for those who let this one go first.
  async function rest() {
    let last;
    do await (last = exchanged);
    while (last !== exchanged);
  }

  return { want, forget, rest };
};

// 32 characters that nobody can guess.
lab.randomName = function () {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

// An answer, or what stands for none: the server is gone, or has failed.
lab.patiently = async function (promise, patience = lab.PATIENCE) {
  const lost = { error: "connection_lost", details: {} };
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, patience, lost)));
  try {
    return (await Promise.race([promise, late])) ?? lost;
  } catch {
    return lost;
  } finally {
    clearTimeout(timer);
  }
};
