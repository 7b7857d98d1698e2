// What compression loses: one digit rebuilt from 2, 8 and 32 numbers, a column each.

// `source` gives the picture that is encoded, null for the digit itself.
lab.latent.createSizes = function (section, { server, digit, source, chosen }) {
  const table = section.querySelector("table");
  const notice = section.querySelector("[data-testid=latent-sizes-notice]");
  const decimals = (value, count) => (Number.isFinite(value) ? value.toFixed(count) : "–");
  // A row each: its words, and what it says of one size.
  const rows = [
    ["latent_row_read", (one) => lab.say(...lab.latent.reading(one.read))],
    ["latent_row_mse", (one) => decimals(one.mse, 4)],
    ["latent_row_test", (one) => decimals(one.test_mse, 4)],
    ["latent_row_cleaned", (one) => decimals(one.figures.mse, 4)],
    ["latent_row_psnr", (one) => decimals(one.figures.psnr, 1)],
  ];
  let shown = null; // {sizes} as the server tells them, or {error, details}

  const reader = lab.createReader({
    current: () => digit() && { digit: digit(), source: source() },
    ask: (request) => server.sizes_beside(request),
    show: (reply) => {
      shown = reply;
      render();
    },
    waiting: (late) => section.classList.toggle("is-waiting", late),
  });

  let about = null; // what the newest answer is about

  // Noise that is not encoded changes nothing here.
  function want() {
    const next = String([digit(), source()]);
    if (next === about && shown?.sizes) return;
    about = next;
    reader.want();
  }

  const told = (size) => shown?.sizes?.find((one) => one.size === size && !one.error);

  function picture(label, ink) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = lab.SEEN_SIDE;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    lab.latent.paint(canvas, ink);
    return canvas;
  }

  function cell(tag, ...content) {
    const one = document.createElement(tag);
    one.append(...content);
    return one;
  }

  function head() {
    const label = lab.say("latent_sizes_digit");
    const first = cell("th", picture(label, digit()), cell("span", label));
    const others = lab.latent.SIZES.map((size) => {
      const name = lab.say("latent_numbers", { count: size });
      return mark(size, cell("th", picture(name, told(size)?.picture), cell("span", name)));
    });
    return cell("tr", first, ...others);
  }

  function mark(size, one) {
    one.classList.toggle("is-chosen", size === chosen());
    if (one.tagName === "TH") one.scope = "col";
    return one;
  }

  function row([key, say]) {
    const title = cell("th", lab.say(key));
    title.scope = "row";
    const values = lab.latent.SIZES.map((size) =>
      mark(size, cell("td", told(size) ? say(told(size)) : "–")),
    );
    return cell("tr", title, ...values);
  }

  function render() {
    table.tHead.replaceChildren(head());
    table.tBodies[0].replaceChildren(...rows.map(row));
    const wrong = shown?.error ? shown : shown?.sizes?.find((one) => one.error);
    lab.setWord(notice, wrong?.error, wrong?.details);
    notice.classList.toggle("is-wrong", Boolean(wrong));
  }

  return { want, render };
};
