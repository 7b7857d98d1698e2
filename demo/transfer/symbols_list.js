// The visitor's symbols one below the other: the name, and each drawing as a small picture.

// `set` is the visitor's; `put` puts a drawing's strokes back on the sheet.
lab.createSymbolList = function (root, { set, put }) {
  const find = (name) => root.querySelector(`[data-testid=symbols-${name}]`);
  const list = find("list");
  const field = find("name");
  const notice = find("list-notice");
  let told = null; // [key, details, isWrong]

  function tell(wrong) {
    told = wrong ? [wrong.error, wrong.details, true] : null;
    render();
  }

  function button(className, label, pressed) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = className;
    element.setAttribute("aria-label", label);
    element.addEventListener("click", pressed);
    return element;
  }

  function picture(seen) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = lab.SEEN_SIDE;
    const image = { width: lab.SEEN_SIDE, height: lab.SEEN_SIDE, ink: seen };
    lab.paintInk(canvas.getContext("2d"), image, getComputedStyle(list).color);
    return canvas;
  }

  function tile(symbol, drawing, at) {
    const item = document.createElement("li");
    const details = { name: symbol.name, number: at + 1 };
    const show = button("lab-symbols-show", lab.say("symbols_tile", details), () => {
      if (drawing.strokes?.length) put(drawing.strokes);
    });
    show.append(picture(drawing.seen));
    const drop = button("lab-symbols-drop", lab.say("symbols_drop", details), () => {
      set.drop(symbol, drawing);
    });
    drop.textContent = "×";
    item.append(show, drop);
    return item;
  }

  // Where a drawing is still to come.
  function gap() {
    const item = document.createElement("li");
    item.className = "is-missing";
    item.setAttribute("aria-hidden", "true");
    return item;
  }

  function nameField(symbol) {
    const input = document.createElement("input");
    input.type = "text";
    input.value = symbol.name;
    input.autocomplete = "off";
    input.setAttribute("aria-label", lab.say("symbols_rename", { name: symbol.name }));
    input.addEventListener("change", () => {
      const wrong = set.rename(symbol, input.value);
      input.value = symbol.name;
      tell(wrong);
    });
    return input;
  }

  function row(symbol) {
    const item = document.createElement("li");
    const [head, tiles] = ["header", "ol"].map((tag) => document.createElement(tag));
    const count = document.createElement("span");
    const [few, most] = lab.GOOD_EXAMPLES;
    const key = symbol.drawings.length > most ? "symbols_count_more" : "symbols_count";
    lab.setWord(count, key, { count: symbol.drawings.length, few, most });
    count.classList.toggle("is-few", symbol.drawings.length < few);
    const drop = button("lab-symbols-drop", lab.say("symbols_remove", { name: symbol.name }), () => {
      set.remove(symbol);
    });
    drop.textContent = "×";
    head.append(nameField(symbol), count, drop);
    tiles.append(...symbol.drawings.map((drawing, at) => tile(symbol, drawing, at)));
    for (let at = symbol.drawings.length; at < few; at += 1) tiles.append(gap());
    item.classList.toggle("is-chosen", symbol === set.chosen());
    item.append(head, tiles);
    return item;
  }

  function render() {
    const symbols = set.all();
    // What is being typed stays as it is while a drawing is kept.
    if (!list.contains(document.activeElement) || document.activeElement.tagName !== "INPUT") {
      list.replaceChildren(...symbols.map(row));
    }
    const usual = set.isSaved() ? [set.canUndo() ? "symbols_undo_hint" : null] : ["symbols_unsaved"];
    const [key, details, isWrong] = told ?? usual;
    lab.setWord(notice, key, details);
    notice.classList.toggle("is-wrong", Boolean(isWrong) || !set.isSaved());
    field.placeholder = lab.say("symbols_name");
    const most = lab.MOST_SYMBOLS;
    lab.hold(find("add"), symbols.length < most ? null : "symbols_many", { most });
    lab.hold(find("back"), set.canUndo() ? null : "hold_undo");
  }

  for (const names of lab.SYMBOLS_TO_TRY) {
    const link = button("lab-symbols-link", names.join(" "), () => tell(set.offer(names)));
    link.textContent = names.join(" ");
    root.querySelector(".lab-symbols-try").append(link);
  }
  root.querySelector(".lab-symbols-add").addEventListener("submit", (event) => {
    event.preventDefault();
    const wrong = set.add(field.value);
    if (!wrong) field.value = "";
    tell(wrong);
  });
  list.addEventListener("focusout", () => setTimeout(render)); // what was held back while typing
  find("back").addEventListener("click", () => ((told = null), set.undo()));
  new MutationObserver(render).observe(document.body, { attributeFilter: ["class"] }); // theme
  return { render, tell, forget: () => (told = null), say: (...words) => ((told = words), render()) };
};
