// Sixteen test digits that the network reads or cleans as it learns, and its first filters.
lab.SIXTEEN = 16;

lab.createTrainSixteen = function (root) {
  const list = root.querySelector("[data-testid=train-sixteen]");
  const title = root.querySelector("[data-testid=train-sixteen-title]");
  const places = Array.from({ length: lab.SIXTEEN }, createPlace);
  let painted = null; // the pictures that are there

  function createPlace() {
    const [place, read] = [document.createElement("li"), document.createElement("span")];
    const [digit, spoiled] = [0, 1].map(() => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = lab.SEEN_SIDE;
      return canvas;
    });
    spoiled.className = "is-spoiled";
    for (const told of [read, spoiled]) told.setAttribute("aria-hidden", "true"); // as the digit says
    place.append(digit, read, spoiled);
    list.append(place);
    return { place, digit, spoiled, read };
  }

  function paint(pictures, of) {
    const bytes = pictures && lab.toBytes(pictures);
    const size = lab.SEEN_SIDE ** 2;
    places.forEach((place, at) => {
      lab.paintDigit(place[of], bytes && lab.toText(bytes.subarray(at * size, (at + 1) * size)));
    });
  }

  function paintWhatChanged({ sixteen, view } = {}) {
    const digits = view?.pictures ?? sixteen?.spoiled ?? sixteen?.pictures;
    if (digits !== painted?.digits) paint(digits, "digit");
    if (sixteen?.spoiled !== painted?.spoiled) paint(sixteen?.spoiled, "spoiled");
    painted = { digits, spoiled: sixteen?.spoiled };
  }

  function write({ place, digit, read }, label, answer) {
    const isRight = answer && answer.label === label;
    read.textContent = answer ? (isRight ? "✓" : `${answer.label}?`) : "";
    place.classList.toggle("is-wrong", Boolean(answer) && !isRight);
    const key = isRight ? "train_read_right" : "train_read_wrong";
    place.title = answer ? lab.say(key, { label, read: answer.label }) : label;
    lab.describe(digit, place.title);
    digit.setAttribute("aria-hidden", String(!place.title)); // no run yet
  }

  function render(run) {
    const isCleaner = Boolean(run?.sixteen?.spoiled);
    lab.setWord(title, isCleaner ? "train_sixteen_cleaned" : "train_sixteen");
    list.classList.toggle("is-cleaner", isCleaner);
    paintWhatChanged(run ?? undefined);
    places.forEach((place, at) => {
      const label = run?.sixteen?.labels[at];
      write(place, String(label ?? ""), run?.view?.digits?.[at]);
    });
  }

  function repaint() {
    painted = null;
  }

  return { render, repaint };
};

// ---- The first layer's filters --------------------------------------------------------------

lab.FILTER_SIDE = 36; // px of a small one; those that span the whole digit are larger
lab.FILTERS_SHOWN = 24;

lab.createTrainFilters = function (root) {
  const place = root.querySelector("[data-testid=train-filters]");
  const title = root.querySelector("[data-testid=train-filters-title]");
  const grid = lab.inside.createGrid(place, "signed");
  let painted = null; // the filters that are there

  function paint(filters) {
    const isWide = filters.width > lab.FILTER_SIDE / 2;
    const shown = isWide ? lab.FILTERS_SHOWN / 2 : lab.FILTERS_SHOWN;
    grid.show(filters, isWide ? 2 * lab.SEEN_SIDE : lab.FILTER_SIDE, shown);
  }

  // Empty frames, as many as a convolution fills.
  function clear() {
    const blank = lab.toText(new Uint8Array(36 * lab.FILTERS_SHOWN).fill(lab.inside.NOTHING));
    paint({ width: 6, height: 6, pixels: blank });
  }

  function render(run) {
    const filters = run?.view?.filters;
    lab.setWord(title, "train_filters");
    if (painted !== null && filters?.pixels === painted) return;
    painted = filters?.pixels;
    if (filters) paint(filters);
    else clear();
  }

  function repaint() {
    painted = null;
  }

  return { render, repaint };
};
