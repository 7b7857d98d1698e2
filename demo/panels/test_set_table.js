// What the test set says in numbers: ten bars, and the table of what was read as what.
lab.LOW_ENDS = [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99]; // where the ten bars may begin

lab.createScores = function (root) {
  const list = root.querySelector("ol");
  const rows = lab.DIGITS.map((name) => {
    const row = document.createElement("li");
    const [label, track, value] = ["b", "span", "span"].map((tag) => document.createElement(tag));
    row.className = "lab-bar";
    track.className = "lab-track";
    value.className = "lab-value";
    label.textContent = name;
    track.append(document.createElement("i"));
    row.append(label, track, value);
    list.append(row);
    return { row, fill: track.firstElementChild, value };
  });

  // Good networks differ in the last percent only: the bars begin where the weakest still shows.
  function lowEnd(weakest) {
    return lab.LOW_ENDS.findLast((low) => low + 0.1 * (1 - low) <= weakest) ?? 0;
  }

  function show(accuracies) {
    const weakest = Math.min(...(accuracies ?? [0]));
    const low = lowEnd(weakest);
    lab.setWord(root.querySelector("h3"), "test_set_scores", { low: Math.round(100 * low) });
    rows.forEach(({ row, fill, value }, digit) => {
      const accuracy = accuracies?.[digit] ?? low;
      const number = lab.percent(accuracy, 1);
      fill.style.width = `${(100 * (accuracy - low)) / (1 - low)}%`;
      lab.setWord(value, accuracies && "percent", { number });
      row.classList.toggle("is-weakest", Boolean(accuracies) && accuracy === weakest);
    });
  }

  return { show };
};

lab.ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// `choose` gets [really, read as] of the cell that is pressed.
lab.createMatrix = function (table, choose) {
  const [head, body] = table.children;
  const places = lab.DIGITS.map(() => []); // the cells, a row a digit

  function headCell(row, scope, text) {
    const cell = document.createElement(text === "" ? "td" : "th");
    if (text !== "") cell.scope = scope;
    cell.textContent = text;
    row.append(cell);
  }

  function layOut() {
    const names = head.insertRow();
    ["", ...lab.DIGITS].forEach((name) => headCell(names, "col", name));
    lab.DIGITS.forEach((name, really) => {
      const row = body.insertRow();
      headCell(row, "row", name);
      lab.DIGITS.forEach((_, read) => (places[really][read] = row.insertCell()));
    });
  }

  function button(count, really, read, most) {
    const made = document.createElement("button");
    const text = document.createElement("span");
    const details = { label: really, predicted: read, count: lab.wholeNumber(count) };
    made.type = "button";
    made.dataset.cell = `${really},${read}`;
    made.className = really === read ? "is-right" : "is-mixed";
    made.style.setProperty("--heat", Math.log1p(count) / Math.log1p(most));
    made.setAttribute("aria-label", lab.say("test_set_cell", details));
    made.setAttribute("aria-pressed", "false");
    made.tabIndex = -1; // one stop for the whole table; arrows lead from cell to cell
    made.addEventListener("click", () => choose([really, read]));
    text.textContent = details.count;
    made.append(text);
    return made;
  }

  function show(matrix) {
    const pressed = table.querySelector("[aria-pressed=true]")?.dataset.cell;
    const mixed = matrix?.map((row, really) => row.filter((_, read) => read !== really)).flat();
    const most = Math.max(1, ...(mixed ?? []));
    places.forEach((row, really) =>
      row.forEach((place, read) => {
        const count = matrix?.[really][read] ?? 0;
        place.replaceChildren(...(count ? [button(count, really, read, most)] : []));
      }),
    );
    press(pressed ?? null);
  }

  // Marks a cell as the one that is looked through; null marks none.
  function press(cell) {
    const buttons = [...table.querySelectorAll("button")];
    for (const one of buttons) {
      one.setAttribute("aria-pressed", String(one.dataset.cell === String(cell)));
    }
    stopAt(buttons.find((one) => one.dataset.cell === String(cell)) ?? buttons[0]);
  }

  function stopAt(button) {
    table.querySelectorAll("[tabindex='0']").forEach((one) => (one.tabIndex = -1));
    if (button) button.tabIndex = 0;
  }

  function walk(event) {
    const step = lab.ARROWS[event.key];
    const from = event.target.dataset.cell?.split(",").map(Number);
    if (!step || !from) return;
    event.preventDefault(); // the page stays where it is
    let [row, column] = [from[0] + step[0], from[1] + step[1]];
    while (places[row]?.[column] && !places[row][column].firstElementChild) {
      [row, column] = [row + step[0], column + step[1]]; // over what never happened
    }
    const next = places[row]?.[column]?.firstElementChild;
    if (!next) return;
    stopAt(next);
    next.focus();
  }

  table.addEventListener("keydown", walk);
  layOut();
  return { show, press };
};
