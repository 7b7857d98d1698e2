// The shelf's rows and the heads above them; on a narrow screen CSS makes a card of each row.
lab.SHELF_HEADS = {
  shown: "shelf_head_shown",
  number: "shelf_head_run",
  network: "train_set_network",
  changed: "shelf_head_changed",
  images: "shelf_head_images",
  best: "shelf_head_best",
  final: "shelf_head_final",
  seconds: "shelf_head_seconds",
  state: "shelf_head_state",
};
lab.shelfHead = (column) => lab.nameAndMeaning(lab.SHELF_HEADS[column])[0];

lab.setText = function (place, words) {
  if (place.textContent !== words) place.textContent = words;
};

// The heads; `changed` is told of another order.
lab.createShelfHeads = function (line, changed) {
  let [column, isDown] = ["number", true];
  const cells = Object.entries(lab.SHELF_COLUMNS).map(([name, { by, down }]) => {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.setAttribute("role", "columnheader");
    cell.dataset.column = name;
    const words = document.createElement(by ? "button" : "span");
    if (by) {
      words.type = "button";
      words.addEventListener("click", () => press(name, down));
    }
    cell.append(words);
    line.append(cell);
    return { name, cell, words };
  });

  function press(name, down = false) {
    isDown = name === column ? !isDown : down;
    column = name;
    changed();
    render();
  }

  function render() {
    for (const { name, cell, words } of cells) {
      lab.setText(words, name in lab.SHELF_HEADS ? lab.shelfHead(name) : "");
      if (name !== column) cell.removeAttribute("aria-sort");
      else cell.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    }
  }

  // Equal ones stay in the order of their numbers, the newest first.
  function sorted(runs) {
    const { by } = lab.SHELF_COLUMNS[column];
    const rank = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
    return [...runs].sort((one, other) => {
      const difference = rank(by(one), by(other)) * (isDown ? -1 : 1);
      return difference || other.number - one.number;
    });
  }
  return { render, sorted };
};

// A run's row. `does` holds what its buttons do, `use` knows whether its weights are there.
lab.createShelfRow = function (run, does, use) {
  const element = document.createElement("tr");
  element.setAttribute("role", "row");
  element.dataset.run = run.number;
  element.style.setProperty("--run", run.colour);
  const cells = {};
  for (const name of Object.keys(lab.SHELF_COLUMNS)) {
    cells[name] = document.createElement("td");
    cells[name].setAttribute("role", "cell");
    cells[name].dataset.column = name;
    element.append(cells[name]);
  }
  const shown = document.createElement("input");
  shown.type = "checkbox";
  shown.addEventListener("change", () => {
    run.shown = shown.checked;
    lab.tellRuns();
  });
  const label = document.createElement("label");
  label.append(shown);
  cells.shown.append(label);
  const front = document.createElement("button");
  front.type = "button";
  front.className = "lab-shelf-run";
  cells.number.append(front);
  const tools = lab.createShelfTools(cells.tools, run, does, use);
  let changes = {}; // {of, words}: what tells the recipe from the best one, for what it was said

  element.addEventListener("click", ({ target }) => {
    if (front.contains(target) || !target.closest("button, input, label")) lab.showRun(run);
  });

  function changesSaid() {
    const of = [lab.language, Boolean(lab.trainMenu), run.rateChanges.length].join();
    if (of !== changes.of) changes = { of, words: lab.runChanges(run) };
    return changes.words;
  }

  function render() {
    const texts = {
      network: run.recipe.network,
      changed: changesSaid(),
      images: lab.wholeNumber(run.recipe.train_images),
      best: lab.runFigureSaid(run, "best_figures"),
      final: lab.runFigureSaid(run, "figures"),
      seconds: lab.say("train_seconds", { count: lab.runSeconds(run).toFixed(1) }),
      state: lab.runState(run),
    };
    for (const [name, words] of Object.entries(texts)) lab.setText(cells[name], words);
    for (const name of Object.keys(lab.SHELF_HEADS)) cells[name].dataset.head = lab.shelfHead(name);
    lab.setText(front, String(run.number));
    front.setAttribute("aria-label", lab.say("shelf_show", { number: run.number }));
    front.setAttribute("aria-pressed", String(run === lab.runInFront));
    shown.setAttribute("aria-label", lab.say("shelf_shown", { number: run.number }));
    shown.checked = run.shown;
    element.classList.toggle("is-front", run === lab.runInFront);
    element.classList.toggle("is-under-way", !lab.isRunOver(run));
    tools.render();
  }
  return { element, render };
};

// What can be done with a run, in the order of the buttons; files are named after their format.
lab.createShelfTools = function (place, run, does, use) {
  const words = { use: "shelf_use", weights: "shelf_weights", csv: null, json: null };
  Object.assign(words, { again: "shelf_again", remove: "shelf_delete" });
  const gone = document.createElement("span");
  gone.className = "lab-shelf-gone";
  place.append(gone);
  const buttons = Object.fromEntries(
    Object.keys(words).map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.does = name;
      button.addEventListener("click", () => does[name](run));
      place.append(button);
      return [name, button];
    }),
  );

  function render() {
    const isOver = lab.isRunOver(run);
    const own = use.lineOf(run);
    for (const [name, key] of Object.entries(words)) {
      lab.setText(buttons[name], key ? lab.say(key) : name.toUpperCase());
      buttons[name].setAttribute("aria-label", `${buttons[name].textContent}, ${run.number}`);
    }
    if (own) lab.setText(buttons.use, lab.say("shelf_go", { tab: use.tabOf(run) }));
    buttons.use.classList.toggle("is-used", Boolean(own));
    lab.hold(buttons.use, use.isBusy(run) ? "hold_busy" : null);
    buttons.use.hidden = buttons.weights.hidden = !use.isThere(run);
    buttons.remove.hidden = !isOver; // Stop comes first, on the stage
    lab.setText(gone, isOver && use.isGone(run) ? lab.say("shelf_no_weights") : "");
    gone.hidden = !gone.textContent;
  }
  return { render };
};
