// The three ways side by side: a stack of blocks with their locks, and below it what came of each.

// `changed()` after the visitor has opened or closed a lock.
lab.createCompareWays = function (root, changed) {
  const table = root.querySelector("[data-testid=compare-ways]");
  const said = root.querySelector("[data-testid=compare-locks]");
  let locked = []; // blocks of the network that is fine-tuned
  let isLast = false; // whether the only open block was to be locked
  let blocks = [];
  let times = null; // that taught blocks learn slower than the head

  const closed = (way) => {
    if (way === "tuned") return locked;
    return way === "frozen" ? blocks.slice(0, -1).map(({ key }) => key) : [];
  };

  const inOrder = () => blocks.map(({ key }) => key).filter((key) => locked.includes(key));

  function toggle(key) {
    isLast = !locked.includes(key) && locked.length === blocks.length - 1;
    if (isLast) return renderSaid();
    locked = locked.includes(key) ? locked.filter((each) => each !== key) : [...locked, key];
    changed();
  }

  // ---- Made once ----

  function build() {
    table.tHead.rows[0].append(...["", ...lab.COMPARE_WAYS].map(heading));
    const body = table.tBodies[0];
    for (const block of blocks.toReversed()) body.append(blockRow(block)); // the head on top
    body.append(pixelRow());
    for (const key of Object.keys(lab.COMPARE_FIGURES)) body.append(figureRow(key));
  }

  function heading(way) {
    const cell = document.createElement(way ? "th" : "td");
    if (!way) return cell;
    cell.scope = "col";
    cell.dataset.word = `transfer_way_${way}`;
    cell.style.setProperty("--colour", lab.compareColour(way));
    return cell;
  }

  function titled(key, name) {
    const row = document.createElement("tr");
    const title = document.createElement("th");
    title.scope = "row";
    title.append(...["span", "small"].map((tag) => document.createElement(tag)));
    title.firstChild.dataset.word = name;
    row.dataset.row = key;
    row.append(title);
    return row;
  }

  function blockRow({ key, weights }) {
    const row = titled(key, `transfer_block_${key}`);
    row.className = "is-block";
    row.querySelector("small").textContent = weights.toLocaleString("en");
    for (const way of lab.COMPARE_WAYS) {
      const cell = document.createElement("td");
      const lock = document.createElement(way === "tuned" ? "button" : "span");
      lock.className = "lab-lock";
      lock.classList.toggle("is-taught", way !== "scratch" && key !== blocks.at(-1).key);
      lock.append(lab.lockPicture(), document.createElement("span"));
      if (way === "tuned") {
        lock.type = "button";
        lock.dataset.testid = `compare-lock-${key}`;
        lock.addEventListener("click", () => toggle(key));
      }
      cell.append(lock);
      row.append(cell);
    }
    return row;
  }

  function pixelRow() {
    const row = titled("pixels", "transfer_pixels");
    row.className = "is-pixels";
    for (const _ of lab.COMPARE_WAYS) {
      const cell = row.insertCell();
      const pixels = document.createElement("span");
      pixels.append([lab.SEEN_SIDE, lab.SEEN_SIDE].join(" × "));
      cell.append(pixels);
    }
    return row;
  }

  function figureRow(key) {
    const row = titled(key, `transfer_figure_${key}`);
    row.className = "is-figure";
    row.append(...lab.COMPARE_WAYS.map(() => document.createElement("td")));
    return row;
  }

  // ---- After each change ----

  function renderLock(lock, key, way) {
    const isLocked = closed(way).includes(key);
    lock.classList.toggle("is-locked", isLocked);
    lab.setWord(lock.lastChild, isLocked ? "transfer_locked" : "transfer_open");
    if (way !== "tuned") return;
    const block = lab.say(`transfer_block_${key}`);
    lock.setAttribute("aria-pressed", String(isLocked));
    lock.setAttribute("aria-label", lab.say("transfer_lock", { block }));
    const isOnly = !isLocked && locked.length === blocks.length - 1;
    lock.setAttribute("aria-disabled", String(isOnly)); // pressed, it says why below the locks
    lock.title = isOnly ? lab.say("transfer_locks_last") : "";
  }

  function trained(way) {
    const open = blocks.filter(({ key }) => !closed(way).includes(key));
    return open.reduce((sum, { weights }) => sum + weights, 0);
  }

  function renderSaid() {
    const all = trained("scratch").toLocaleString("en");
    const details = { open: blocks.length - locked.length, blocks: blocks.length, all, times };
    details.trained = trained("tuned").toLocaleString("en");
    lab.setWord(said, isLast ? "transfer_locks_last" : sentence(), details);
  }

  function sentence() {
    if (!locked.length) return "transfer_locks_none";
    const isFrozen = closed("frozen").join() === inOrder().join();
    return isFrozen ? "transfer_locks_frozen" : "transfer_locks_some";
  }

  function show(facts, run, settings) {
    if (!blocks.length) {
      ({ blocks, times } = facts);
      build();
      lab.translate(table);
    }
    for (const row of table.tBodies[0].rows) {
      const { row: key } = row.dataset;
      lab.COMPARE_WAYS.forEach((way, at) => {
        const cell = row.cells[at + 1];
        if (row.className === "is-block") renderLock(cell.firstChild, key, way);
        if (row.className === "is-figure") {
          cell.replaceChildren(...lab.COMPARE_FIGURES[key](way, { facts, run, settings, trained }));
        }
      });
    }
    renderSaid();
  }

  return {
    show,
    locked: inOrder,
    lock(keys) {
      locked = keys;
      isLast = false;
    },
  };
};

// A padlock: its shackle stands open until the style sheet closes it.
lab.lockPicture = function () {
  const body = lab.svg("rect", { x: 2, y: 7, width: 10, height: 7, rx: 1.5 });
  const shackle = lab.svg("path", { d: "M4 7V4.5a3 3 0 0 1 6 0V7" });
  return lab.svg("svg", { viewBox: "0 0 14 15", "aria-hidden": "true" }, shackle, body);
};
