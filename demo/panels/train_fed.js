// Samples of what the network is fed, as torchvision's make_grid shows a batch; asked while open.
lab.createTrainFed = function (root, { ask }) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const grid = find("train-fed-grid");
  const notice = find("train-fed-notice");
  let seed = 0;
  let shown = null; // {recipe, seed, reply}
  let trouble = null; // {error, details}
  let timer = null;
  let busy = false;

  const isShown = () => shown?.recipe === lab.recipe && shown.seed === seed;
  const isOpen = () => root.open && root.offsetParent !== null;

  function changed(_recipe, pause = lab.COST_SETTLED) {
    clearTimeout(timer);
    timer = setTimeout(pump, pause);
  }

  async function pump() {
    if (busy || !lab.recipe || !isOpen() || isShown()) return;
    busy = true;
    grid.classList.add("is-waiting");
    const wanted = { recipe: lab.recipe, seed };
    const reply = await lab.patiently(ask(wanted));
    busy = false;
    grid.classList.remove("is-waiting");
    trouble = reply.error ? reply : null;
    if (!trouble) shown = { ...wanted, reply };
    render();
    if (!trouble) pump();
  }

  function render() {
    notice.textContent = trouble ? lab.sayTrouble(trouble) : "";
    if (!shown) return;
    const { labels, digits, pictures } = shown.reply;
    const bytes = lab.toBytes(pictures);
    const size = lab.SEEN_SIDE ** 2;
    labels.forEach((label, at) => {
      const [canvas, caption] = grid.children[at].children;
      const picture = lab.toText(bytes.subarray(at * size, (at + 1) * size));
      lab.paintDigit(canvas, picture, "white");
      const isWrong = label !== digits[at];
      caption.textContent = isWrong ? [label, digits[at]].join(" ≠ ") : label;
      grid.children[at].classList.toggle("is-wrong", isWrong);
      const told = lab.say("train_fed_label", { label, digit: digits[at] });
      grid.children[at].title = isWrong ? told : "";
      lab.describe(canvas, told);
    });
  }

  // 32 empty places, so that nothing moves when the samples come.
  for (let at = 0; at < 32; at += 1) {
    const figure = document.createElement("figure");
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = lab.SEEN_SIDE;
    figure.append(canvas, document.createElement("figcaption"));
    grid.append(figure);
  }
  root.addEventListener("toggle", () => changed(lab.recipe, 0));
  find("train-fed-others").addEventListener("click", () => {
    seed += 1;
    changed(lab.recipe, 0);
  });
  return { changed, render };
};
