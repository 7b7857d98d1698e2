// Climbing: a short rung comes in one answer, a long one is asked for again and again.
lab.CLIMB_PAUSE = 120; // ms between two questions

lab.createClimber = function (server, told) {
  let owner = null; // the key by which the server knows this visitor
  let running = null; // the key of the long rung that is being climbed

  async function climb(rung, run) {
    const asked = { rung: rung.key, seed: run.seed };
    return rung.isLong ? follow(asked, run) : hurry(asked, run);
  }

  async function hurry(asked, run) {
    const reply = await lab.patiently(server.climb_short(asked));
    if (reply.error) return fail(run, reply);
    run.losses = reply.losses.map((loss, at) => [at + 1, loss]);
    run.state = "ended";
    told();
    return {};
  }

  async function follow(asked, run) {
    const reply = await lab.patiently(server.climb_long({ ...asked, owner }));
    if (reply.error) return fail(run, reply);
    owner = reply.owner;
    running = reply.key;
    for (let since = 0; ; ) {
      const news = await lab.patiently(server.follow_training({ key: running, since }));
      if (news.error) return fail(run, news);
      since = news.next;
      run.losses = run.losses.concat(...news.points.map(({ losses }) => losses));
      Object.assign(run, { state: news.state, ahead: news.ahead, seconds: news.ending?.seconds });
      if (news.ending) break;
      told();
      await new Promise((resolve) => setTimeout(resolve, lab.CLIMB_PAUSE));
    }
    running = null;
    told();
    return {};
  }

  function fail(run, reply) {
    running = null;
    run.state = "failed";
    return reply;
  }

  function stop() {
    if (running) lab.patiently(server.steer_training({ key: running, order: "stop" }));
  }

  addEventListener("pagehide", () => running && lab.tellLeaving(running));
  return { climb, stop, canStop: () => Boolean(running) };
};

// ---- The rungs and their code ---------------------------------------------------------------

lab.renderRungs = function (place, { rungs, chosen, climbs, choose }) {
  while (place.childElementCount < rungs.length) {
    const button = document.createElement("button");
    const { key } = rungs[place.childElementCount];
    button.type = "button";
    button.dataset.testid = `ladder-rung-${key}`;
    button.append(...["b", "small"].map((tag) => document.createElement(tag)));
    button.style.setProperty("--colour", lab.RUNG_COLOURS[key]);
    button.classList.toggle("is-beside", key === "function" || key === "named");
    button.addEventListener("click", () => choose(key));
    place.append(button);
  }
  rungs.forEach(({ key }, at) => {
    const button = place.children[at];
    const [title, last] = button.children;
    const losses = climbs[key]?.losses ?? [];
    title.textContent = lab.say(`idea_ladder_${key}`);
    last.textContent = losses.length ? lab.shortNumber(losses.at(-1)[1]) : "";
    button.setAttribute("aria-pressed", String(key === chosen));
  });
};

lab.renderRungCode = function (root, { key, lines: spoken, below, gone }) {
  const find = (name) => root.querySelector(`[data-testid=ladder-${name}]`);
  const lines = spoken[lab.language];
  const fresh = lines.filter(([mark]) => mark).length;
  lab.setWord(find("over"), `idea_ladder_${key}_over`);
  lab.setWord(find("note"), `idea_ladder_${key}_note`);
  lab.setWord(find("changed"), below ? "idea_ladder_changed" : "idea_ladder_first", { fresh, gone });
  const place = find("lines");
  const shown = `${key} ${lab.language}`;
  if (place.dataset.shown === shown) return;
  place.dataset.shown = shown;
  place.replaceChildren(
    ...lines.map(([mark, text]) => {
      const line = document.createElement("span");
      line.classList.toggle("is-new", Boolean(mark));
      lab.paintCode(line, `${text}\n`);
      return line;
    }),
  );
};
