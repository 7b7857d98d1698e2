// How large each layer's gradients are, on a scale of powers of ten, so that vanishing is seen.
lab.GRADIENT_RANGE = [1e-8, 10]; // where a bar is empty, and where it is full
lab.GRADIENT_TICKS = ["1e−8", "1e−5", "0.01", "10"]; // of the scale below the bars
lab.USUAL_ROWS = 5; // as many layers have a row of its full height
lab.EMPTY_ROWS = [0, 1, 2, 3]; // shown before there is a network

// "conv 6×6", "linear 800→256", from a layer's kind and the shape of its weight.
lab.layerName = function ({ layer, shape }) {
  const [outputs, inputs, ...kernel] = shape.split("×");
  if (kernel.length) return lab.say("train_layer_conv", { size: kernel.join("×") });
  if (layer === "linear") return lab.say("train_layer_linear", { size: `${inputs}→${outputs}` });
  return lab.say(layer === "norm" ? "train_layer_norm" : "train_layer_other", { size: shape });
};

lab.createTrainGradients = function (root) {
  const list = root.querySelector("[data-testid=train-gradients]");
  const scale = root.querySelector("[data-testid=train-scale]");
  const rows = []; // made once and kept

  function rowAt(at) {
    if (rows[at]) return rows[at];
    const row = document.createElement("li");
    const [name, track, value] = ["span", "span", "span"].map((tag) => document.createElement(tag));
    track.className = "lab-track";
    track.append(document.createElement("i"));
    value.className = "lab-value";
    row.append(name, track, value);
    return (rows[at] = row);
  }

  // Batch norms have sizes too; they would only hide how the layers follow one another.
  const layersOf = (run) =>
    (run?.view?.gradients ?? []).filter(({ layer }, _, all) =>
      layer !== "norm" || all.every((other) => other.layer === "norm"),
    );

  function render(run) {
    const layers = layersOf(run);
    const isEmpty = !layers.length;
    const places = (isEmpty ? lab.EMPTY_ROWS : layers).map((_, at) => rowAt(at));
    if (list.childElementCount !== places.length) list.replaceChildren(...places);
    if (isEmpty) places.forEach(clear);
    list.style.setProperty("--rows", Math.max(layers.length, lab.USUAL_ROWS));
    list.classList.toggle("is-many", layers.length > lab.USUAL_ROWS);
    const [low, high] = lab.GRADIENT_RANGE.map(Math.log10);
    layers.forEach((layer, at) => {
      const [name, track, value] = places[at].children;
      const share = (Math.log10(Math.max(layer.size, 1e-30)) - low) / (high - low);
      name.textContent = lab.layerName(layer);
      name.title = layer.name;
      track.firstElementChild.style.width = `${100 * Math.min(Math.max(share, 0), 1)}%`;
      value.textContent = lab.shortNumber(layer.size);
    });
  }

  function clear({ children: [name, track, value] }) {
    name.textContent = value.textContent = "";
    track.firstElementChild.style.width = 0;
  }

  const ticks = document.createElement("span");
  ticks.append(
    ...lab.GRADIENT_TICKS.map((tick) => {
      const place = document.createElement("b");
      place.textContent = tick;
      return place;
    }),
  );
  scale.append(ticks);
  return { render };
};
