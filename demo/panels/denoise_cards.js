// Every cleaner beside the others: its picture, its figures and what is read in it; a press on
// one makes it the cleaner of the tab.
lab.createCleanCards = function (root, { ask, chosen }) {
  const place = root.querySelector("[data-testid=cleaners]");
  const worse = root.querySelector("[data-testid=clean-worse]");
  const state = lab.cleaning;
  const cards = new Map(); // key -> its elements
  let wanted = null; // the request to send next
  let rows = new Map(); // key -> the newest row

  const allKeys = () => [lab.NO_CLEANER, ...lab.allCleaners().map(({ key }) => key)];

  // The best linear map may have to be fitted first, for a second: it comes after the others.
  async function askAll(request) {
    const keys = allKeys();
    const isFitted = (key) => lab.CLEANERS.some((entry) => entry.key === key && entry.kind === "map");
    const quick = await ask({ ...request, cleaners: keys.filter((key) => !isFitted(key)) });
    keep(quick, true);
    return request === wanted ? ask({ ...request, cleaners: keys.filter(isFitted) }) : quick;
  }

  function keep(reply, isNew) {
    if (reply.error) return;
    if (isNew) rows = new Map();
    for (const row of reply.rows) {
      if (row.error === "own_cleaner_gone") lab.ownCleaners.drop(row.key);
      else rows.set(row.key, row);
    }
    render();
  }

  const reader = lab.createReader({
    current: () => wanted,
    ask: askAll,
    show: (reply) => keep(reply, false),
    waiting: (late) => root.classList.toggle("is-waiting", late),
  });

  function want(request) {
    wanted = request;
    if (request) reader.want();
  }

  function card(key) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lab-clean-card";
    button.dataset.cleaner = key;
    const name = document.createElement("b");
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = lab.SEEN_SIDE;
    canvas.setAttribute("aria-hidden", "true");
    const figures = document.createElement("span");
    const reads = document.createElement("span");
    figures.className = "lab-clean-figures";
    reads.className = "lab-clean-read";
    button.append(name, canvas, figures, reads);
    button.addEventListener("click", () => chosen(key));
    place.append(button);
    return { button, name, canvas, figures, reads };
  }

  function renderCard(key) {
    if (!cards.has(key)) cards.set(key, card(key));
    const { button, name, canvas, figures, reads } = cards.get(key);
    const row = rows.get(key);
    name.textContent = lab.nameOfCleaner(key);
    if (key === lab.NO_CLEANER) lab.hold(button, "clean_none_why");
    else button.setAttribute("aria-pressed", String(key === state.cleaner));
    lab.paintDigit(canvas, row?.picture);
    figures.replaceChildren(...(row?.picture ? lines(row) : []));
    const percent = row?.picture && lab.percent(row.confidence, 0);
    const facts = row?.details ?? { digit: row?.label, percent };
    lab.setWord(reads, row?.error ?? (row && "clean_reads"), facts);
    const truth = state.label ?? state.reply?.original.label;
    reads.classList.toggle("is-wrong", Boolean(row?.picture) && row.label !== truth);
  }

  function lines({ psnr, ssim, mse }) {
    const decibels = psnr >= 99.9 ? "∞" : psnr.toFixed(1);
    const facts = [
      ["PSNR", `${decibels} dB`],
      ["SSIM", ssim.toFixed(2)],
      ["MSE", mse.toFixed(4)],
    ];
    return facts.map(([title, value]) => {
      const line = document.createElement("span");
      const strong = document.createElement("span");
      line.textContent = title;
      strong.textContent = value;
      line.append(strong);
      return line;
    });
  }

  // The cleaners that leave more error than there was.
  function renderWorse() {
    const plain = rows.get(lab.NO_CLEANER);
    const names = [...rows.values()]
      .filter(({ key, mse }) => plain && key !== lab.NO_CLEANER && mse > plain.mse)
      .map(({ key }) => lab.nameOfCleaner(key));
    const key = names.length ? "clean_worse" : "clean_none_worse";
    lab.setWord(worse, plain && key, { names: lab.listed(names) });
  }

  function render() {
    if (!lab.CLEANERS.length) return;
    const keys = allKeys();
    for (const [key, { button }] of cards) {
      if (keys.includes(key)) continue;
      button.remove();
      cards.delete(key);
      rows.delete(key);
    }
    keys.forEach(renderCard);
    renderWorse();
  }

  return { want, render };
};
