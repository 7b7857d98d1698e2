// What the 32 numbers know: one code that bars, map, path and the sizes beside each other share.
lab.latent = { SIZES: [2, 8, 32], MOST_SEED: 2 ** 31 };

lab.startLatent = function (element, server) {
  const root = element.querySelector("[data-testid=latent]");
  const find = (name) => root.querySelector(`[data-testid=latent-${name}]`);
  const maps = {}; // by size, as the server tells them
  let size = 32;
  let from = "clean"; // whose code it is: the digit's, or the spoiled one's
  let cleaning = null; // what the tab shows
  let told = null; // the digit's codes, null while there are none
  let example = null; // the test image that stands for a digit nobody chose
  let asked = null; // what the request for codes under way is about
  let trouble = null; // {error, details} in place of codes

  const own = () => told && (told[from] ?? told.clean);
  const dim = (selector) => (late) =>
    root.querySelector(selector).classList.toggle("is-waiting", late);

  const code = lab.latent.createCode(root, {
    server,
    size: () => size,
    own,
    map: () => maps[size],
    waiting: dim(".lab-latent-now"),
    moved: mark,
  });
  const map = lab.latent.createMap(root.querySelector(".lab-latent-map"), code.pick);
  const path = lab.latent.createPath(root.querySelector(".lab-latent-path"), {
    server,
    start: () => own() && { size, code: own().code, read: own().read },
    walked: mark,
  });
  const sizes = lab.latent.createSizes(root.querySelector(".lab-latent-sizes"), {
    server,
    digit: () => told?.digit,
    source: () => (from === "spoiled" && told?.spoiled ? told.source : null),
    chosen: () => size,
  });
  const charts = lab.createReader({
    current: () => (maps[size] ? null : { size }),
    ask: async (request) => ({ ...(await server.code_map(request)), size: request.size }),
    show: takeMap,
    waiting: dim(".lab-latent-map"),
  });
  const codes = lab.createReader({
    current: () => root.open && (asked = request()),
    ask: (request) => server.codes_of_digit(request),
    show: takeCodes,
    waiting: dim(".lab-latent-code"),
  });

  function request() {
    const { digit: chosen, shownDigit, spoiled } = cleaning ?? {};
    const digit = chosen && (shownDigit ?? chosen); // the one that was spoiled
    const noisy = digit && spoiled !== digit ? (spoiled ?? null) : null;
    return { size, digit: digit ?? null, spoiled: noisy, example };
  }

  function takeMap(reply) {
    if (reply.error) trouble = reply;
    else maps[reply.size] = reply;
    map.show(maps[size] ?? null);
    code.render();
    render();
  }

  function takeCodes(reply) {
    const before = own()?.code.join();
    trouble = reply.error ? reply : null;
    if (!reply.error) {
      told = { ...reply, source: asked.spoiled, isExample: !asked.digit };
      example = reply.example ?? example;
    }
    settle(before);
  }

  // The code starts anew from the digit's own where that has changed.
  function settle(before) {
    if (own()?.code.join() !== before) {
      code.restart();
      path.restart();
    }
    sizes.want();
    mark();
    render();
  }

  // Everything that has a place on the map.
  function mark() {
    map.mark({
      star: told && !told.isExample ? told.clean.point : null,
      hollow: told && !told.isExample ? told.spoiled?.point : null,
      own: own()?.point, // where the cross would be, had nothing been moved
      cross: code.point(),
      trail: path.points(),
      at: path.at(),
    });
  }

  function chooseSize(wanted) {
    size = wanted;
    told = trouble = null;
    [codes, charts].forEach((reader) => reader.forget());
    code.forget();
    path.forget();
    map.show(maps[size] ?? null);
    mark();
    render();
    open();
  }

  function chooseFrom(wanted) {
    const before = own()?.code.join();
    from = wanted;
    settle(before);
  }

  function open() {
    if (!root.open) return;
    charts.want();
    codes.want();
  }

  function follow(now) {
    cleaning = now;
    codes.want();
  }

  function renderChoices() {
    for (const button of find("size").querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(Number(button.textContent) === size));
      const count = button.textContent;
      button.setAttribute("aria-label", lab.say("latent_numbers", { count }));
    }
    const isSpoiled = Boolean(told?.spoiled);
    for (const button of find("from").querySelectorAll("button")) {
      const shown = isSpoiled ? from : "clean";
      button.setAttribute("aria-pressed", String(button.dataset.from === shown));
      const isBare = button.dataset.from === "spoiled" && !isSpoiled;
      lab.hold(button, isBare ? "latent_unspoiled" : null);
    }
  }

  function render() {
    renderChoices();
    const unspoiled = told && !told.spoiled ? "latent_unspoiled" : null;
    const hint = told?.isExample ? "latent_example" : unspoiled;
    lab.setWord(find("notice"), trouble?.error ?? hint, trouble?.details);
    find("notice").classList.toggle("is-wrong", Boolean(trouble));
    root.classList.toggle("is-example", Boolean(told?.isExample));
    const source = from === "spoiled" && told?.spoiled ? told.source : told?.digit;
    code.showSource(source ?? null);
    sizes.render();
  }

  for (const count of lab.latent.SIZES) {
    find("size").append(lab.latent.button(String(count), () => chooseSize(count)));
  }
  for (const button of find("from").querySelectorAll("button")) {
    button.addEventListener("click", () => chooseFrom(button.dataset.from));
  }
  root.addEventListener("toggle", open);
  lab.onCleaning(follow);
  lab.onLanguage(root, () => [code, map, path, { render }].forEach((part) => part.render()));
};

lab.latent.button = function (text, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "lab-latent-button";
  button.textContent = text;
  button.addEventListener("click", press);
  return button;
};

// As the network sees it: white on black.
lab.latent.paint = (canvas, ink) => lab.paintDigit(canvas, ink, "white");

// With a minus as wide as a digit, and never for nothing.
lab.latent.number = function (value, decimals) {
  return value.toFixed(decimals).replace(/^-(?=0\.?0*$)/, "").replace("-", "−");
};

// What is read in a decoded picture, as a key and its details.
lab.latent.reading = function (read) {
  if (!read) return [null];
  return [read.refused ? "latent_refused" : "why_reads", { digit: read.label }];
};
