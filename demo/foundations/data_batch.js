// A batch from the DataLoader as a grid, and its numbers before and after Normalize.
lab.BATCH_LARGE = 16; // images that are shown twice as large; more are shown as they are
lab.BATCH_ROW = 8; // images in a row of make_grid
lab.BATCH_STEP = 30; // px from one image of the grid to the next: 28 and its frame of 2

lab.createDataBatch = function (place, server, { setNormal, loaded, count, changed }) {
  const find = (name) => place.querySelector(`[data-testid=data-${name}]`);
  const specs = [
    { key: "batch_size", kind: "slider", low: 1, high: 64, step: 1, value: 16 },
    { key: "shuffle", kind: "switch", value: false },
    { key: "seed", kind: "number", low: 0, high: 9999, step: 1, value: 0 },
    { key: "mean", kind: "slider", low: 0, high: 1, step: 0.01, value: 0.5 },
    { key: "std", kind: "slider", low: 0.05, high: 2, step: 0.01, value: 0.5 },
  ];
  const set = place.querySelector(".lab-data-set");
  const controls = lab.createControls(set, { chapter: "data", specs, changed: take });
  const asker = lab.createAsker(place, {
    ask: (asked) => server.load_batch(asked),
    settings: controls.values,
    show,
  });
  const histogram = lab.createDataHistogram(find("histogram"));
  let normal = "0.5,0.5"; // mean and deviation as they were told to the other parts

  function take() {
    const { mean, std } = controls.values();
    if (`${mean},${std}` !== normal) return setNormal({ mean, std });
    loaded();
    want();
  }

  function setMean({ mean, std }) {
    normal = `${mean},${std}`;
    controls.set({ mean, std });
    want();
  }

  function want() {
    asker.want();
    changed();
  }

  function show(reply) {
    drawGrid(reply);
    histogram.show(reply);
    render();
    count();
  }

  // The digits cut out of the one picture that make_grid made, each above its label.
  function drawGrid({ grid, grid_shape, labels }) {
    const [, height, width] = grid_shape;
    const whole = new OffscreenCanvas(width, height);
    const image = new ImageData(width, height);
    lab.toBytes(grid).forEach((level, at) => image.data.set([level, level, level, 255], 4 * at));
    whole.getContext("2d").putImageData(image, 0, 0);
    const cells = labels.map((label, at) => {
      const cell = document.createElement("figure");
      const canvas = document.createElement("canvas");
      const caption = document.createElement("figcaption");
      canvas.width = canvas.height = lab.SEEN_SIDE;
      const column = 2 + lab.BATCH_STEP * (at % lab.BATCH_ROW);
      const row = 2 + lab.BATCH_STEP * Math.floor(at / lab.BATCH_ROW);
      canvas.getContext("2d").drawImage(whole, -column, -row);
      caption.textContent = label;
      cell.append(canvas, caption);
      return cell;
    });
    find("grid").classList.toggle("is-large", labels.length <= lab.BATCH_LARGE);
    find("grid").replaceChildren(...cells);
  }

  function render() {
    const reply = asker.reply();
    if (!reply) return;
    const { shape, batches, after } = reply;
    const grid = `(${reply.grid_shape.join(", ")})`;
    const rounded = (value) => String(Number(value.toFixed(3))).replace("-", "−");
    lab.setWord(find("batch-is"), "idea_data_batch_is", { shape: `(${shape.join(", ")})`, batches, grid });
    const details = {};
    for (const key of ["low", "high", "mean", "std"]) details[key] = rounded(after[key]);
    lab.setWord(find("after-is"), "idea_data_after_is", details);
    const undone = reply.undone ? reply.undone.toExponential(0).replace("-", "−") : "0";
    lab.setWord(find("undone-is"), "idea_data_undone_is", { undone });
    histogram.render();
  }

  for (const button of place.querySelectorAll("[data-normal]")) {
    button.addEventListener("click", () => {
      const [mean, std] = button.dataset.normal.split(" ").map(Number);
      setNormal({ mean, std });
    });
  }
  lab.onLanguage(place, render);
  want();
  return { settings: controls.values, setNormal: setMean };
};
