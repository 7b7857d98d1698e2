// The sheet on which symbols are drawn: which one is drawn stands above, and Keep takes it.
lab.SYMBOL_GOAL = 5; // drawings of a symbol, after which the next one's turn comes

// `set` is the visitor's; `see` turns the sheet's pixels into the 28 x 28 that the network sees;
// `changed` is told of every change on the sheet, `isTaught` says whether a network reads it.
lab.createSymbolSheet = function (root, { set, see, changed, isTaught }) {
  const find = (name) => root.querySelector(`[data-testid=symbols-${name}]`);
  const notice = find("notice");
  const chips = find("chips");
  const ghost = root.querySelector(".lab-symbols-ghost");
  let trouble = null; // {error, details} of the sentence under the sheet
  let told = null; // [key, details] of what became of the last drawing
  let pen = "pen_medium";

  const drawing = lab.createDrawing("lab.symbol_drawing");
  const surface = lab.createSurface(find("canvas"), drawing, { changed: drawn, clear });

  function drawn() {
    trouble = null;
    renderSheet();
    changed();
  }

  function clear() {
    drawing.clear();
    redrawn();
  }

  function redrawn() {
    trouble = null;
    surface.repaint();
    renderSheet();
    changed();
  }

  // The sheet is free for the next drawing at once; what is refused comes back on it.
  async function keep() {
    const symbol = set.chosen();
    const pixels = surface.pixels();
    if (!symbol || !pixels) return refuse({ error: symbol ? "symbols_no_ink" : "symbols_none" });
    const strokes = lab.shortStrokes(drawing.strokes());
    drawing.clear();
    told = null;
    redrawn();
    const reply = await lab.patiently(see({ kind: "ink", ...pixels }));
    const name = symbol.name;
    const wrong = reply.error ? reply : set.keep(symbol, { seen: reply.seen, strokes });
    if (wrong) return giveBack(wrong);
    told = ["symbols_kept", { name, count: symbol.drawings.length }];
    if (!isTaught()) goOn(symbol);
    render();
  }

  function giveBack(wrong) {
    if (drawing.isBlank()) drawing.undo();
    redrawn();
    refuse(wrong);
  }

  function refuse(wrong) {
    trouble = wrong;
    render();
  }

  // To the next symbol once this one has enough, while there is one that has not.
  function goOn(symbol) {
    if (symbol.drawings.length < lab.SYMBOL_GOAL) return;
    const at = set.all().indexOf(symbol);
    const after = [...set.all().slice(at + 1), ...set.all().slice(0, at)];
    const next = after.find(({ drawings }) => drawings.length < lab.SYMBOL_GOAL);
    if (!next) return;
    set.choose(next);
    told = ["symbols_go_on", { name: symbol.name, next: next.name }];
  }

  function chip(symbol) {
    const button = document.createElement("button");
    const [name, count] = ["b", "span"].map((tag) => document.createElement(tag));
    const isChosen = symbol === set.chosen();
    const details = { name: symbol.name, count: symbol.drawings.length };
    button.type = "button";
    button.setAttribute("role", "radio");
    button.setAttribute("aria-checked", String(isChosen));
    button.setAttribute("aria-label", lab.say("symbols_chip", details));
    button.tabIndex = isChosen ? 0 : -1;
    name.textContent = symbol.name;
    count.textContent = symbol.drawings.length;
    button.append(name, count);
    button.addEventListener("click", () => choose(symbol));
    return button;
  }

  function choose(symbol) {
    told = trouble = null;
    set.choose(symbol);
  }

  // On a phone the row of symbols scrolls, and the page stays where it is.
  function bringChosenIntoView() {
    const chosen = chips.querySelector("[aria-checked=true]");
    if (!chosen) return;
    const [left, right] = [chosen.offsetLeft, chosen.offsetLeft + chosen.offsetWidth];
    if (left < chips.scrollLeft) chips.scrollLeft = left - 8;
    if (right > chips.scrollLeft + chips.clientWidth) chips.scrollLeft = right - chips.clientWidth + 8;
  }

  // As in a group of radio buttons, the arrows choose.
  function step(event) {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by || !set.all().length) return;
    event.preventDefault();
    const count = set.all().length;
    choose(set.all()[(set.all().indexOf(set.chosen()) + by + count) % count]);
    chips.querySelector("[aria-checked=true]")?.focus();
  }

  function sentence() {
    if (trouble) return [trouble.error, trouble.details];
    const symbol = set.chosen();
    if (!symbol) return ["symbols_none"];
    const details = { name: symbol.name, most: lab.GOOD_EXAMPLES[1] };
    if (drawing.isBlank()) return told ?? [isTaught() ? "symbols_hint_try" : "symbols_hint", details];
    return [isTaught() ? "symbols_hint_correct" : "symbols_hint_keep", details];
  }

  function renderSheet() {
    const isBlank = drawing.isBlank();
    ghost.hidden = !isBlank;
    lab.setWord(notice, ...sentence());
    notice.classList.toggle("is-wrong", Boolean(trouble));
    lab.hold(find("undo"), drawing.canUndo() ? null : "hold_undo");
    lab.hold(find("clear"), isBlank ? "hold_blank" : null);
  }

  function render() {
    const symbol = set.chosen();
    const hadFocus = chips.contains(document.activeElement);
    chips.replaceChildren(...set.all().map(chip));
    bringChosenIntoView();
    if (hadFocus) chips.querySelector("[aria-checked=true]")?.focus({ preventScroll: true });
    ghost.textContent = isTaught() ? "" : (symbol?.name ?? "");
    ghost.style.setProperty("--letters", Math.max([...ghost.textContent].length, 1));
    lab.setWord(find("keep"), "symbols_keep", { name: symbol?.name });
    lab.hold(find("keep"), symbol ? null : "symbols_none");
    find("pen").querySelector(".lab-dot").style.setProperty("--pen", lab.PENS[pen]);
    find("pen").setAttribute("aria-label", lab.say("pen_label", { width: lab.say(pen) }));
    renderSheet();
  }

  function changePen() {
    const names = Object.keys(lab.PENS);
    pen = names[(names.indexOf(pen) + 1) % names.length];
    surface.setPen(lab.PENS[pen]);
    render();
  }

  find("keep").addEventListener("click", keep);
  find("undo").addEventListener("click", () => (drawing.undo(), redrawn()));
  find("clear").addEventListener("click", clear);
  find("pen").addEventListener("click", changePen);
  chips.addEventListener("keydown", step);
  surface.repaint();
  return {
    render,
    pixels: surface.pixels,
    isPenDown: surface.isPenDown,
    isBlank: drawing.isBlank,
    strokes: drawing.strokes,
    // A kept drawing comes back on the sheet.
    put(strokes) {
      drawing.replace(strokes);
      redrawn();
    },
  };
};
