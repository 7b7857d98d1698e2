// One transform: its switch and sliders, its line of PyTorch, and what it makes of the picture.
lab.CARD_SCALE = 3; // screen pixels a pixel, for all, so that a larger picture is seen to be one

// `specs` are its settings; without them it is a picture alone. `changed(values)` after a change.
lab.createDataCard = function (card, specs = null, changed = () => {}) {
  const canvas = document.createElement("canvas");
  const frame = document.createElement("div");
  const line = document.createElement("code");
  const facts = document.createElement("p");
  const set = document.createElement("div");
  frame.className = "lab-data-frame";
  facts.className = "lab-data-facts";
  set.className = "lab-data-set";
  canvas.width = canvas.height = 1;
  frame.append(canvas);
  const head = card.querySelector("header");
  head.after(frame, line, facts);
  card.append(set);
  const on = { key: "on", kind: "switch", value: true };
  const change = () => changed(values());
  const make = (place, chosen) =>
    lab.createControls(place, { chapter: "data", specs: chosen, changed: change });
  const [use, controls] = specs ? [make(head, [on]), make(set, specs)] : [];
  let told = null; // {now, before}

  const values = () => ({ ...use.values(), ...controls.values() });

  function paint({ shape, pixels }) {
    const [height, width] = shape.slice(-2);
    Object.assign(canvas, { width, height });
    canvas.style.width = `${width * lab.CARD_SCALE}px`;
    canvas.style.height = `${height * lab.CARD_SCALE}px`;
    const image = new ImageData(width, height);
    lab.toBytes(pixels).forEach((level, at) => image.data.set([level, level, level, 255], 4 * at));
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  function render() {
    if (!told) return;
    const { now, before } = told;
    card.classList.toggle("is-off", !now);
    card.classList.toggle("is-refused", Boolean(now?.refused));
    if (now) line.textContent = now.line ?? "";
    const after = lab.dataFacts(now ?? before);
    const code = document.createElement("code");
    code.textContent = now?.refused ?? after;
    facts.replaceChildren(code);
    const refused = document.createTextNode(lab.say("idea_data_refused"));
    if (now?.refused) facts.append(refused);
    else if (now && before) facts.prepend(earlier(lab.dataFacts(before)));
    lab.describe(canvas, after);
  }

  function earlier(text) {
    const code = document.createElement("code");
    code.className = "is-before";
    code.textContent = [text, "→"].join(" ");
    return code;
  }

  lab.onLanguage(card, render);
  return {
    values,
    set: (changes) => controls.set(changes),
    // `now` is null where the card is off: the picture goes on as it was.
    show(now, before) {
      told = { now, before };
      paint(now ?? before);
      render();
    },
  };
};

// "(1, 28, 28) float32 −1 … 1"
lab.dataFacts = function ({ shape, dtype, low, high }) {
  const [least, most] = [low, high].map((value) => Number(value.toPrecision(3)));
  return `(${shape.join(", ")}) ${dtype} ${least} … ${most}`.replaceAll("-", "−");
};
