// The steps of a network as boxes in a row: shape, layers, parameters, arithmetic.
lab.inside.count = (number) => number.toLocaleString(lab.say("language_code"));
lab.inside.shapeOf = ({ shape }) => shape.join("×");

// The layers of a step as PyTorch names them; a word where there is none to name.
lab.inside.layersOf = function (steps, at) {
  if (at === 0) return lab.say("inside_pixels");
  return steps[at].layers.join(", ") || lab.say("inside_flat");
};

// `pick` gets the place of the step that is pressed.
lab.inside.createSteps = function (list, totals, pick) {
  let laid = ""; // what the boxes say; they stay, and keep the focus, while only maps change

  function box(steps, at) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    const { parameters, multiply_adds: adds } = steps[at];
    const lines = [
      ["b", lab.inside.shapeOf(steps[at])],
      ["small", lab.say("inside_parameters", { count: lab.inside.count(parameters) })],
      ["small", lab.say("inside_adds", { count: lab.inside.count(adds) })],
    ];
    for (const [tag, text] of lines) {
      const line = document.createElement(tag);
      line.textContent = text;
      button.append(line);
    }
    button.firstElementChild.after(layers(steps, at));
    button.type = "button";
    button.className = "lab-net-step";
    button.addEventListener("click", () => pick(at));
    item.append(button);
    return item;
  }

  // The first layer in one piece and what follows it in another, for which a phone has no room.
  function layers(steps, at) {
    const [first, ...rest] = lab.inside.layersOf(steps, at).split(/(?=, )/);
    const [line, more] = [document.createElement("span"), document.createElement("i")];
    more.textContent = rest.join("");
    line.append(first, more);
    return line;
  }

  function show(steps, chosen) {
    const wanted = lab.language + JSON.stringify(steps);
    if (laid !== wanted) list.replaceChildren(...steps.map((_, at) => box(steps, at)));
    laid = wanted;
    [...list.children].forEach((item, at) => {
      item.firstElementChild.setAttribute("aria-pressed", String(at === chosen));
    });
    const sum = (key) => lab.inside.count(steps.reduce((total, step) => total + step[key], 0));
    const details = { parameters: sum("parameters"), adds: sum("multiply_adds") };
    lab.setWord(totals, "inside_totals", details);
  }

  return { show };
};
