// The section `symbols`: draw a few of each, teach, and it reads while one draws.
lab.TEACHING_PATIENCE = 60000; // ms; in line, and in leaving one out
lab.symbolsReady = new Promise((resolve) => (lab.symbolsAreReady = resolve));

lab.startSymbolsSection = function (root, server) {
  const find = (name) => root.querySelector(`[data-testid=symbols-${name}]`);
  const set = lab.createSymbolSet("lab.symbols");
  let taught = lab.taughtNetworks.lines().findLast(({ kind }) => kind === "symbols") ?? null;
  let running = false;
  let scoring = null; // the fingerprint of the drawings that are being measured
  let trouble = null; // {error, details} of the last teaching
  let asked = null; // the request under way

  const sheet = lab.createSymbolSheet(root, {
    set,
    see: (pixels) => server.see_symbol(pixels),
    changed: drawn,
    isTaught: () => Boolean(taught),
  });
  const answer = lab.createSymbolAnswer(root);
  const scores = lab.createSymbolScores(root, { chosen: () => (taught ? teach() : render()) });
  const list = lab.createSymbolList(root, { set, put: sheet.put });
  const files = lab.createSymbolFiles(root, server, { set, list, head: scores.head });
  const code = lab.createSymbolCode(root, server, {
    set,
    head: scores.head,
    pixels: sheet.pixels,
  });
  const reader = lab.createReader({
    current: () => {
      const pixels = taught && sheet.pixels();
      return pixels && { kind: "ink", model: taught.name, ...pixels };
    },
    ask: (request) => server.read_symbol((asked = request)),
    show: read,
    waiting: (late) => root.classList.toggle("is-waiting", late),
  });

  function drawn() {
    if (!sheet.isBlank()) return reader.want();
    reader.forget();
    answer.show(null);
    answer.announce();
  }

  function read(reply) {
    if (reply.error === "taught_gone" && asked.model === taught?.name) return lose(reply);
    if (reply.error) trouble = reply;
    else {
      answer.show(reply);
      root.dataset.readBy = asked.model; // for who waits for it
    }
    if (!sheet.isPenDown()) answer.announce();
    renderTeach();
  }

  function lose(reply) {
    trouble = reply;
    unteach(taught.name);
  }

  // What the server taught is what stands here only as long as nobody has changed it.
  function isStale() {
    return taught && taught.of !== lab.fingerprint(lab.symbolsRequest(set.all()));
  }

  // The one that was taught before it reads on, if there is one.
  function unteach(name) {
    lab.taughtNetworks.drop(name);
    taught = lab.taughtNetworks.lines().findLast(({ kind }) => kind === "symbols") ?? null;
    answer.show(null);
    drawn();
    render();
  }

  async function teach() {
    if (running || lab.symbolsMissing(set.all())) return;
    running = true;
    trouble = null;
    render();
    const request = { ...lab.symbolsRequest(set.all()), head: scores.head() };
    const owner = lab.taughtNetworks.owner();
    const asking = server.teach_symbols({ ...request, owner });
    const reply = await lab.patiently(asking, lab.TEACHING_PATIENCE);
    running = false;
    if (reply.error) trouble = reply;
    else take(reply, request);
    render();
    if (!reply.error && taught) lab.bringIntoView(root.querySelector(".lab-symbols"));
    if (!reply.error) score(request);
    if (scores.head() !== request.head) teach(); // chosen meanwhile
  }

  function take(reply, request) {
    const { head, ...examples } = request;
    lab.taughtNetworks.keep({ ...reply, kind: "symbols", of: lab.fingerprint(examples) });
    taught = lab.taughtNetworks.lines().at(-1);
    drawn();
  }

  // One head after the other, the chosen one first.
  async function score(request) {
    const of = lab.fingerprint(request.examples);
    scores.begin(of, request.names);
    if (scoring === of) return; // they are being measured
    scoring = of;
    for (let head = scores.next(of); head; head = scores.next(of)) {
      const asking = server.score_symbols({ ...request, head });
      const reply = await lab.patiently(asking, lab.TEACHING_PATIENCE);
      scores.add(of, head, reply);
      if (reply.error) break;
    }
    if (scoring === of) scoring = null;
  }

  function sentence() {
    const missing = lab.symbolsMissing(set.all());
    if (running) return ["symbols_teaching"];
    if (trouble) return [trouble.error, trouble.details];
    if (missing) return [missing.error, missing.details];
    if (isStale()) return ["symbols_stale"];
    if (!taught) return ["symbols_ready"];
    return ["symbols_taught", { seconds: taught.seconds.toFixed(1) }];
  }

  function renderTeach() {
    const button = find("teach");
    lab.setWord(button, taught ? "symbols_teach_again" : "symbols_teach");
    const missing = running ? { error: "symbols_teaching" } : lab.symbolsMissing(set.all());
    lab.hold(button, missing?.error ?? null, missing?.details);
    lab.setWord(find("told"), ...sentence());
    find("told").classList.toggle("is-wrong", Boolean(trouble) && !running);
    find("use").hidden = !taught;
  }

  function render() {
    sheet.render();
    answer.follow(taught?.names ?? set.all().map(({ name }) => name), Boolean(taught));
    scores.render();
    list.render();
    files.render();
    renderTeach();
    code.changed();
  }

  function use() {
    lab.networks.choose(taught.name);
    lab.openTab("tab_draw");
  }

  find("teach").addEventListener("click", teach);
  find("use").addEventListener("click", use);
  set.onChange(() => {
    trouble = null;
    list.forget();
    render();
  });
  if (taught) scores.choose(taught.head);
  lab.onLanguage(root, render);
  drawn();
  lab.symbolsAreReady({
    set,
    sheet,
    teach,
    unteach,
    forgetScores: scores.forget,
    taught: () => taught,
    draw: (seed) => server.draw_symbols({ seed }),
  });
};

// A short number that tells one value from another: FNV-1a over its JSON.
lab.fingerprint = function (value) {
  let hash = 0x811c9dc5;
  for (const character of JSON.stringify(value)) {
    hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
  }
  return hash;
};
