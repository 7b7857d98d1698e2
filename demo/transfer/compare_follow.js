// A comparison: begun, asked for again and again, and stopped.
lab.COMPARE_PAUSE = 120; // ms between two questions
lab.COMPARE_REST = 3000; // ms, after a question that failed
lab.COMPARE_MISSES = 5; // answers in a row that may get lost

// `told(run)` after each answer. A run is {settings, state, ahead, step, total, seconds, trouble,
// ways: {way: {points: [[step, accuracy]], last: its final figures or null}}}.
lab.createComparer = function (server, told) {
  let owner = null; // the key by which the server knows this visitor
  let running = null; // {run, key, begun: a promise} of what is under way

  function start(settings) {
    const ways = lab.COMPARE_WAYS.map((way) => [way, { points: [], last: null, seconds: 0 }]);
    const run = { settings, state: "starting", ahead: 0, step: 0, total: 0, seconds: 0 };
    run.ways = Object.fromEntries(ways);
    running = { run, key: null };
    running.begun = begin(running);
    return run;
  }

  async function begin(mine) {
    const { run } = mine;
    const reply = await lab.patiently(server.start_comparison({ settings: run.settings, owner }));
    if (reply.error) return end(run, "failed", reply);
    ({ owner } = reply);
    run.total = reply.total;
    mine.key = reply.key;
    follow(run, reply.key);
  }

  async function follow(run, key) {
    for (let [since, misses] = [0, 0]; ; await lab.compareBreath()) {
      const news = await lab.patiently(server.follow_training({ key, since }));
      misses = news.error === "connection_lost" ? misses + 1 : 0;
      if (misses && misses < lab.COMPARE_MISSES) continue;
      if (news.error) return end(run, "failed", news);
      since = news.next;
      news.points.forEach((point) => lab.takeStandings(run, point));
      if (news.ending) return end(run, news.state, news.trouble);
      Object.assign(run, { state: news.state, ahead: news.ahead });
      told(run);
    }
  }

  function end(run, state, trouble = null) {
    Object.assign(run, { state, trouble });
    if (running?.run === run) running = null;
    told(run);
  }

  const order = (key) => lab.patiently(server.steer_training({ key, order: "stop" }));

  async function stop() {
    const stopped = running;
    if (!stopped) return;
    await stopped.begun;
    if (stopped.key) await order(stopped.key);
    if (running === stopped) running = null;
    told(stopped.run);
  }

  addEventListener("pagehide", () => running?.key && lab.tellLeaving(running.key));
  return { start, stop, isRunning: () => Boolean(running) };
};

lab.compareBreath = (pause = lab.COMPARE_PAUSE) => new Promise((go) => setTimeout(go, pause));

// Puts what a point tells where it belongs.
lab.takeStandings = function (run, { step, seconds, standings }) {
  Object.assign(run, { step, seconds });
  for (const standing of standings) {
    const way = run.ways[standing.way];
    way.seconds = standing.seconds;
    if (standing.done) way.last = standing; // its accuracy is of all test images
    else if (standing.accuracy !== null) way.points.push([standing.step, standing.accuracy]);
  }
};

// What a comparison is of, in words.
lab.compareAbout = function ({ teacher, examples, augmentation, seed }) {
  const varied = lab.say(augmentation ? "transfer_varied" : "transfer_unvaried");
  return { teacher: lab.say(`idea_compare_teacher_${teacher}`), examples, varied, seed };
};

// How a comparison is getting on: a key of the words, and details.
lab.compareState = function (run, { glance, whole }) {
  const count = (images) => images.toLocaleString("en");
  if (!run) return ["transfer_state_glance", { glance: count(glance), whole: count(whole) }];
  const { state, ahead, step, total, seconds } = run;
  if (state === "waiting") return ["transfer_state_waiting", { ahead }];
  if (state === "ended") return ["transfer_state_ended", { total, seconds: seconds.toFixed(1) }];
  if (state === "stopped") return ["transfer_state_stopped", { step, total }];
  if (state === "failed") return ["transfer_state_failed"];
  if (!step) return ["transfer_state_starting"];
  const left = Math.max(Math.ceil((seconds * (total - step)) / step), 1);
  return ["transfer_state_running", { step, total, left }];
};
