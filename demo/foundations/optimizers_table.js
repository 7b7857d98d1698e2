// The racers in a table: who races, where each one is now, and what the race comes to in words.

// `changed()` after another one races or rests; `choose(name)` when one's formula is asked for.
lab.createRaceTable = function (body, { changed, choose }) {
  const rows = Object.keys(lab.RACERS).map((name) => {
    const row = body.appendChild(document.createElement("tr"));
    const [check, title, loss, there] = ["td", "th", "td", "td"].map((tag) =>
      row.appendChild(document.createElement(tag)),
    );
    const box = document.createElement("input");
    const button = document.createElement("button");
    Object.assign(box, { type: "checkbox", checked: true });
    Object.assign(button, { type: "button" });
    box.dataset.testid = `optimizers-races-${name}`;
    button.dataset.testid = `optimizers-choose-${name}`;
    loss.dataset.testid = `optimizers-loss-${name}`;
    there.dataset.testid = `optimizers-there-${name}`;
    title.scope = "row";
    const label = document.createElement("label");
    label.append(box, lab.racerMark(name));
    check.append(label);
    title.append(button);
    box.addEventListener("change", changed);
    button.addEventListener("click", () => choose(name));
    return { name, row, box, button, loss, there };
  });

  function tellRow({ loss, there, row }, path, step) {
    row.classList.toggle("is-resting", !path);
    if (!path) return [loss, there].forEach((cell) => (cell.textContent = ""));
    const { losses, arrived, exploded } = path;
    loss.textContent = lab.shortNumber(losses[Math.min(Math.floor(step), losses.length - 1)]);
    if (exploded !== null && step >= exploded) {
      return lab.setWord(there, "idea_optimizers_bang", { step: exploded });
    }
    there.textContent = arrived !== null && step >= arrived ? arrived : "–";
  }

  return {
    names: () => rows.filter(({ box }) => box.checked).map(({ name }) => name),
    tell: ({ paths }, step) => rows.forEach((each) => tellRow(each, paths[each.name], step)),
    render(chosen) {
      for (const { name, box, button } of rows) {
        button.textContent = lab.say(`idea_optimizers_${name}`);
        button.setAttribute("aria-pressed", String(name === chosen));
        box.setAttribute("aria-label", button.textContent);
      }
    },
  };
};

// What the race comes to, a sentence each: who arrived first, who is caught, who exploded.
lab.sayRace = function ({ paths, lowest, near }, { steps }) {
  const entries = Object.entries(paths);
  if (!entries.length) return [lab.say("idea_optimizers_nobody")];
  const named = (wanted) => {
    const names = entries.filter(([, path]) => wanted(path)).map(([name]) => name);
    return lab.listed(names.map((name) => lab.say(`idea_optimizers_${name}`)));
  };
  const lines = [];
  const arrivals = entries.map(([, { arrived }]) => arrived).filter((step) => step !== null);
  const alive = entries.filter(([, { exploded }]) => exploded === null);
  if (arrivals.length) {
    const step = Math.min(...arrivals);
    lines.push(lab.say("idea_optimizers_first", { names: named((path) => path.arrived === step), step }));
  } else if (alive.length) {
    const least = Math.min(...alive.map(([, { losses }]) => losses.at(-1)));
    const isNearest = (path) => path.exploded === null && path.losses.at(-1) === least;
    const details = { near, steps, names: named(isNearest), loss: lab.shortNumber(least - lowest) };
    lines.push(lab.say("idea_optimizers_none", details));
  }
  for (const [end, key] of [["minimum", "idea_optimizers_caught"], ["saddle", "idea_optimizers_saddle"]]) {
    const names = named((path) => path.end === end);
    if (names) lines.push(lab.say(key, { names }));
  }
  for (const step of new Set(entries.map(([, { exploded }]) => exploded))) {
    if (step === null) continue;
    lines.push(lab.say("idea_optimizers_exploded", { names: named((path) => path.exploded === step), step }));
  }
  return lines;
};
