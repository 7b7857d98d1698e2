// Test images as a network read them, a page after another; a press puts one on the sheet.

// `ask` gets {cell, start} and gives a page of images; `back` leaves a cell for all mistakes.
lab.createGallery = function (root, { ask, back }) {
  const find = (selector) => root.querySelector(selector);
  const heading = find("h3");
  const list = find("ul");
  const more = find("[data-testid=more_images]");
  let cell = null; // [really, read as]; null for all mistakes
  let start = 0; // of the page that is wanted
  let shown = null; // {cell, total, images}, with {error, details} once a page did not come

  const pages = lab.createReader({
    current: () => ({ cell, start }),
    ask,
    show: take,
    waiting: (late) => root.classList.toggle("is-waiting", late),
  });

  function open(wanted) {
    cell = wanted;
    start = 0;
    pages.want();
  }

  // Nothing is shown of a network that is no longer chosen.
  function forget() {
    pages.forget();
    cell = shown = null;
  }

  function take(reply) {
    if (reply.error) shown = { ...shown, ...reply };
    else if (String(reply.cell) === String(cell)) shown = { ...reply, images: joined(reply) };
    render(); // else another cell was pressed since
  }

  function joined({ start: from, images }) {
    return from ? [...shown.images.slice(0, from), ...images] : images;
  }

  function tile({ ink, label, predicted, probability }, colour) {
    const button = document.createElement("button");
    const picture = document.createElement("canvas");
    const words = [
      ["sample_predicted", { predicted }],
      ["sample_label", { label }],
      ["sure", { percent: lab.percent(probability, 0) }],
    ].map(([key, details]) => {
      const text = document.createElement("span");
      lab.setWord(text, key, details);
      return text;
    });
    button.type = "button";
    button.className = predicted === label ? "lab-tile" : "lab-tile is-wrong";
    button.addEventListener("click", () => putOnSheet(ink));
    picture.width = picture.height = lab.SEEN_SIDE;
    lab.paintInk(
      picture.getContext("2d"), { width: lab.SEEN_SIDE, height: lab.SEEN_SIDE, ink }, colour,
    );
    button.append(picture, ...words);
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  function putOnSheet(ink) {
    lab.putOnSheet(lab.SEEN_SIDE, lab.SEEN_SIDE, ink);
    lab.bringIntoView(document.querySelector(".lab-draw"));
  }

  function title() {
    if (!shown) return [null];
    if (shown.error) return [shown.error, shown.details];
    const count = lab.wholeNumber(shown.total);
    if (!shown.cell) return ["test_set_mistakes", { count }];
    const [label, predicted] = shown.cell;
    const key = label === predicted ? "test_set_right" : "test_set_mixed";
    return [key, { label, predicted, count }];
  }

  function render() {
    const images = shown?.images ?? [];
    const colour = getComputedStyle(list).color;
    const left = (shown?.total ?? 0) - images.length;
    lab.setWord(heading, ...title());
    heading.classList.toggle("is-wrong", Boolean(shown?.error));
    list.replaceChildren(...images.map((image) => tile(image, colour)));
    more.hidden = left <= 0;
    lab.setWord(more, "test_set_more", { count: lab.wholeNumber(left) });
    find("[data-testid=mistakes]").hidden = !cell;
  }

  more.addEventListener("click", () => {
    start = shown.images.length;
    pages.want();
  });
  find("[data-testid=mistakes]").addEventListener("click", back);
  new MutationObserver(render).observe(document.body, { attributeFilter: ["class"] }); // theme
  return { root, open, forget, render, cell: () => cell };
};
