// The curves in words: who is best at a level, what cleaning is worth there, and all as a table.

// Rows, best first, of the level at hand; each but "nothing" chooses its cleaner.
lab.createCurveRanks = function (root, choose) {
  const rows = new Map();

  function rowOf(key) {
    if (rows.has(key)) return rows.get(key);
    const isButton = key !== lab.NO_CLEANER;
    const inside = document.createElement(isButton ? "button" : "div");
    if (isButton) {
      inside.type = "button";
      inside.addEventListener("click", () => choose(key));
    }
    const mark = lab.svg("svg", { viewBox: "-10 -10 20 20", "aria-hidden": "true" });
    mark.append(lab.svg("path", { d: "M-10 0H10" }), lab.curveMark(key));
    lab.placeMark(mark.lastChild, 0, 0, 5);
    inside.style.setProperty("--colour", lab.colourOfCleaner(key));
    const spans = ["name", "value", "gain"].map((name) =>
      Object.assign(document.createElement("span"), { className: `lab-curve-${name}` }),
    );
    inside.append(mark, ...spans);
    const row = document.createElement("li");
    row.append(inside);
    row.dataset.cleaner = key;
    rows.set(key, row);
    return row;
  }

  function fill(key, { lines, at, measure, figure, cleaner }) {
    const inside = rowOf(key).firstChild;
    const [value, without] = [key, lab.NO_CLEANER].map((line) => lines[line][at]?.[measure]);
    const [name, number, gain] = inside.querySelectorAll("span");
    name.textContent = lab.nameOfCleaner(key);
    number.textContent = value === undefined ? "–" : figure.text(value);
    const way = lab.gainOf(value, without, figure);
    gain.textContent = { 1: "▲", 0: "", "-1": "▼" }[key === lab.NO_CLEANER ? 0 : way];
    rowOf(key).classList.toggle("is-worse", way < 0);
    rowOf(key).classList.toggle("is-nothing", key === lab.NO_CLEANER);
    if (key !== lab.NO_CLEANER) inside.setAttribute("aria-pressed", String(key === cleaner));
  }

  function show(state) {
    const { lines, at, measure, figure } = state;
    const worth = (key) => figure.better * (lines[key][at]?.[measure] ?? -figure.better * Infinity);
    const order = Object.keys(lines).sort((a, b) => worth(b) - worth(a) || 0);
    order.forEach((key) => fill(key, state));
    const elements = order.map(rowOf);
    const isSame = elements.length === root.children.length;
    if (isSame && elements.every((row, place) => row === root.children[place])) return;
    const focused = root.contains(document.activeElement) ? document.activeElement : null;
    root.replaceChildren(...elements);
    focused?.focus({ preventScroll: true });
  }
  return { show };
};

// 1 where a value is better than another one, -1 where worse, 0 where both read the same.
lab.gainOf = function (value, without, figure) {
  if (value === undefined || without === undefined) return 0;
  if (figure.text(value) === figure.text(without)) return 0;
  return figure.better * (value - without) > 0 ? 1 : -1;
};

lab.createCurveWords = function (root) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const joined = (sentences) =>
    sentences.join(lab.say("language_code").startsWith("zh") ? "" : " ");

  function said({ noise, lines, levels, stop, measure, figure, cleaner }) {
    const [after, before] = [cleaner, lab.NO_CLEANER].map((key) => lines[key][stop]?.[measure]);
    if (after === undefined || before === undefined) return "";
    const details = {
      level: lab.levelText(noise, levels[stop]),
      measure: lab.say(figure.word),
      cleaner: lab.nameOfCleaner(cleaner),
      before: figure.text(before),
      after: figure.text(after),
    };
    const isRead = measure === "recognised";
    const sentence = lab.say(isRead ? "curve_said_read" : "curve_said_figure", details);
    const gain = lab.gainOf(after, before, figure);
    if (gain > 0) return sentence;
    return joined([sentence, lab.say(gain < 0 ? "curve_worse" : "curve_same")]);
  }

  function losers({ lines, stop, measure, figure }) {
    const without = lines[lab.NO_CLEANER][stop]?.[measure];
    if (without === undefined) return "";
    const worse = lab.CLEANERS.map(({ key }) => key)
      .filter((key) => lab.gainOf(lines[key]?.[stop]?.[measure], without, figure) < 0)
      .map(lab.nameOfCleaner);
    if (!worse.length) return lab.say("curve_no_losers");
    return lab.say("curve_losers", { cleaners: lab.listed(worse) });
  }

  function yours({ yours: read, cleaner }) {
    if (!read) return lab.cleaning.digit ? "" : lab.say("curve_yours_none");
    const details = {
      before: read.before ?? "?",
      after: read.after ?? "?",
      label: read.truth,
      cleaner: lab.nameOfCleaner(cleaner),
    };
    return lab.say(read.isRight ? "curve_yours_right" : "curve_yours_wrong", details);
  }

  // Where a linear map is at its best, by the figures of a level that is spoiled at all.
  function why({ noise, levels, lines, stop }) {
    const spoiled = Math.max(stop, 1);
    const decibels = (key) => lines[key]?.[spoiled]?.psnr;
    const rival = noise === "gaussian" ? "linear_autoencoder" : "denoiser";
    const [map, network] = [decibels("lmmse"), decibels(rival)];
    if (map === undefined || network === undefined) return "";
    const key = {
      gaussian: map > network ? "curve_linear_gaussian" : null,
      contrast: map > network ? "curve_linear_contrast" : "curve_linear_behind",
      blur: map > network ? "curve_linear_blur" : "curve_linear_behind",
    }[noise];
    const level = lab.levelText(noise, levels[spoiled]);
    return key ? lab.say(key, { level, map: map.toFixed(1), network: network.toFixed(1) }) : "";
  }

  function show(state) {
    find("curve_said").textContent = said(state);
    find("curve_losers").textContent = losers(state);
    find("curve_yours").textContent = yours(state);
    find("curve_why").textContent = why(state);
  }
  return { show };
};

// Every number of the noise: a part for each figure, a row for each cleaner, a column a level.
lab.createCurveTable = function (root) {
  function cell(name, text, attributes = {}) {
    const element = document.createElement(name);
    element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  function row(...cells) {
    const line = document.createElement("tr");
    line.append(...cells);
    return line;
  }

  function part(measure, { lines, levels }) {
    const figure = lab.CURVE_FIGURES[measure];
    const heading = { scope: "rowgroup", colspan: levels.length + 1 };
    const body = document.createElement("tbody");
    body.append(row(cell("th", lab.say(figure.word), heading)));
    for (const [key, points] of Object.entries(lines)) {
      const texts = points.map((point) => (point ? figure.text(point[measure]) : "–"));
      const name = cell("th", lab.nameOfCleaner(key), { scope: "row" });
      body.append(row(name, ...texts.map((text) => cell("td", text))));
    }
    return body;
  }

  function show(state) {
    const heads = state.levels.map((level) => lab.levelText(state.noise, level));
    const names = [lab.say("curve_cleaner"), ...heads];
    root.tHead.replaceChildren(row(...names.map((text) => cell("th", text, { scope: "col" }))));
    while (root.tBodies.length) root.tBodies[0].remove();
    root.append(...Object.keys(lab.CURVE_FIGURES).map((measure) => part(measure, state)));
  }
  return { show };
};
