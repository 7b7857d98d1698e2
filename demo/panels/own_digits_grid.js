// The visitor's digits as pictures, each with its label and what a network read.
lab.createOwnGrid = function (list, { pick, remove }) {
  function verdict({ label, reads }, model) {
    if (!(model in reads)) return ["own_unread", ""];
    const read = reads[model];
    return ["sample_predicted", read === label ? "✓" : read === null ? "" : "✗", read ?? "?"];
  }

  function picture(seen) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = lab.SEEN_SIDE;
    const image = { width: lab.SEEN_SIDE, height: lab.SEEN_SIDE, ink: seen };
    lab.paintInk(canvas.getContext("2d"), image, getComputedStyle(list).color);
    return canvas;
  }

  function tile(drawing, model) {
    const [item, show, drop] = ["li", "button", "button"].map((tag) => document.createElement(tag));
    const [label, read] = ["b", "span"].map((tag) => document.createElement(tag));
    const [key, mark, predicted] = verdict(drawing, model);
    const words = lab.say(key, { predicted });
    label.textContent = drawing.label;
    read.textContent = mark ? [mark, words].join(" ") : words;
    item.classList.toggle("is-wrong", mark === "✗");
    show.className = "lab-own-show";
    show.append(picture(drawing.seen), label, read);
    show.setAttribute("aria-label", lab.say("own_tile", { label: drawing.label, read: words }));
    show.addEventListener("click", () => pick(drawing));
    drop.className = "lab-own-drop";
    drop.textContent = "×";
    drop.setAttribute("aria-label", lab.say("own_remove", { digit: drawing.label }));
    drop.addEventListener("click", () => remove(drawing));
    show.type = drop.type = "button";
    item.append(show, drop);
    return item;
  }

  // The newest first: it is the one that was just kept.
  function render(drawings, model) {
    list.replaceChildren(...drawings.toReversed().map((drawing) => tile(drawing, model)));
  }

  return { render };
};
