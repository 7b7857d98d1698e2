// The network as a graph: each unit with a map of where it is on, each weight as a line.
lab.UNIT_GAP = 4; // px between units of a layer

lab.createPlaneNetwork = function (place) {
  const lines = lab.svg("svg", { "aria-hidden": "true" });
  place.append(lines);
  let shape = "";
  let units = []; // layers of elements: inputs, hidden ones, the output
  let last = null;

  function build({ layers, width }) {
    for (const layer of units.flat()) layer.remove();
    place.querySelectorAll(".lab-plane-layer").forEach((layer) => layer.remove());
    const sizes = [2, ...Array.from({ length: layers }, () => width), 1];
    units = sizes.map((size) => {
      const column = document.createElement("div");
      column.className = "lab-plane-layer";
      const made = Array.from({ length: size }, () => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 12;
        return canvas;
      });
      column.append(...made);
      place.append(column);
      return made;
    });
  }

  function show(reply, settings) {
    last = { reply, settings };
    const wanted = [settings.layers, settings.width].join();
    if (wanted !== shape) build(settings);
    shape = wanted;
    reply.units.forEach((text, layer) => {
      const bytes = lab.toBytes(text);
      const size = bytes.length / settings.width;
      units[layer + 1].forEach((canvas, at) => {
        lab.paintMap(canvas, bytes.subarray(at * size, (at + 1) * size));
      });
    });
    lab.paintMap(units.at(-1)[0], thinned(lab.toBytes(reply.boundary)));
    units[0].forEach((canvas, axis) => lab.paintMap(canvas, lab.axisMap(axis)));
    drawLines(reply, settings);
  }

  function thinned(bytes) {
    const side = Math.sqrt(bytes.length);
    const pick = (at) => Math.floor(((at + 0.5) * side) / 12);
    return Array.from({ length: 144 }, (_, at) => bytes[pick(Math.floor(at / 12)) * side + pick(at % 12)]);
  }

  // The state begins with the weights: of each layer a matrix (to, from), then its biases.
  function drawLines({ state }, { layers, width }) {
    const box = lab.boxOf(place);
    if (!box.width) return;
    const numbers = new Float32Array(lab.toBytes(state).buffer);
    const sizes = [2, ...Array.from({ length: layers }, () => width), 1];
    const drawn = [];
    let at = 0;
    for (let layer = 0; layer + 1 < sizes.length; layer += 1) {
      for (let to = 0; to < sizes[layer + 1]; to += 1) {
        for (let start = 0; start < sizes[layer]; start += 1) {
          drawn.push(lineOf(units[layer][start], units[layer + 1][to], numbers[at], box));
          at += 1;
        }
      }
      at += sizes[layer + 1];
    }
    while (lines.childElementCount > drawn.length) lines.lastElementChild.remove();
    while (lines.childElementCount < drawn.length) lines.append(lab.svg("line"));
    drawn.forEach((attributes, index) => {
      const line = lines.children[index];
      for (const [key, value] of Object.entries(attributes)) line.setAttribute(key, value);
    });
  }

  function lineOf(start, end, weight, box) {
    const [one, other] = [start, end].map(lab.boxOf);
    return {
      x1: (one.right - box.left).toFixed(1),
      y1: (one.top + one.height / 2 - box.top).toFixed(1),
      x2: (other.left - box.left).toFixed(1),
      y2: (other.top + other.height / 2 - box.top).toFixed(1),
      "stroke-width": Math.min(0.2 + Math.abs(weight) * 1.1, 5).toFixed(2),
      class: weight < 0 ? "is-below" : "is-above",
    };
  }

  new ResizeObserver(() => last && drawLines(last.reply, last.settings)).observe(place);
  return { show };
};

// Bytes from one kind's colour over paper to the other's, at most so much of a colour.
lab.paintMap = function (canvas, bytes, most = 1) {
  const image = new ImageData(canvas.width, canvas.height);
  const paper = [245, 244, 240];
  bytes.forEach((value, at) => {
    const colour = lab.PLANE_KINDS[value > 127.5 ? 1 : 0];
    const sure = (most * Math.abs(value - 127.5)) / 127.5;
    for (let part = 0; part < 3; part += 1) {
      image.data[4 * at + part] = paper[part] + sure * (colour[part] - paper[part]);
    }
    image.data[4 * at + 3] = 255;
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
};

// x grows to the right, y upwards.
lab.axisMap = function (axis) {
  const share = (at) => (axis ? 11 - Math.floor(at / 12) : at % 12) / 11;
  return Array.from({ length: 144 }, (_, at) => 255 * share(at));
};
