// The visitor answers back: "yes" or "no, it is a 4" keeps the drawing with its right label.
lab.createAnswerBack = function (root) {
  const find = (name) => root.querySelector(`[data-testid=${name}]`);
  const [yes, no, digits, status] = ["yes", "no", "digits", "status"].map((n) => find(`back_${n}`));
  let reading = null; // what stands on the sheet
  let told = null; // [key, details] of what became of it
  let seen = null; // the picture that `told` is about
  let pending = null; // a label that waits until all of the drawing has been read

  // What was taught other names learns where it was taught, not from this set of digits.
  function isThere() {
    return Boolean(reading) && reading.reply.reason !== "blank" && !reading.reply.names;
  }

  function usual() {
    if (reading?.reply.names) return ["back_taught"];
    return [isThere() ? "back_ask" : "back_blank"];
  }

  function render() {
    const read = isThere() && !reading.reply.refused ? reading.reply.label : null;
    lab.setWord(yes.lastElementChild, read ? "back_yes_digit" : "back_yes", { digit: read });
    const why = isThere() ? null : usual()[0];
    lab.hold(yes, why ?? (read ? null : "back_refused"));
    lab.hold(no, why);
    lab.setWord(no.firstElementChild, isThere() && !read ? "back_is" : "back_no");
    lab.setWord(status, ...(told ?? usual()));
    status.classList.toggle("is-wrong", ["own_full", "own_unsaved"].includes(told?.[0]));
  }

  function open(isOpen) {
    digits.hidden = !isOpen;
    no.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) digits.firstElementChild.focus({ preventScroll: true });
  }

  function keep(label) {
    if (!isThere()) return;
    close();
    pending = lab.isOnSheet(reading.request) ? null : label;
    if (pending !== null) return;
    const { request, reply } = reading;
    const strokes = lab.drawing.shownPicture() ? null : lab.shortStrokes(lab.drawing.strokes());
    const reads = { [request.model ?? lab.networks.chosen()]: reply.refused ? null : reply.label };
    const hasRoom = lab.own.keep({ label, seen: reply.seen, strokes, reads });
    const count = lab.own.all().length;
    told = hasRoom ? ["back_kept", { digit: label, count }] : ["own_full", { count }];
    if (hasRoom && !lab.own.isSaved()) told = ["own_unsaved"];
    seen = reply.seen;
    render();
  }

  function close() {
    if (digits.hidden) return;
    const hadFocus = digits.contains(document.activeElement);
    open(false);
    if (hadFocus) no.focus({ preventScroll: true });
  }

  for (const name of lab.DIGITS) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lab-button";
    button.textContent = name;
    button.addEventListener("click", () => keep(name));
    digits.append(button);
  }

  yes.addEventListener("click", () => keep(reading?.reply.label));
  no.addEventListener("click", () => open(digits.hidden));
  root.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "escape") close();
    else if (!digits.hidden && lab.DIGITS.includes(event.key)) keep(event.key);
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (root.contains(target)) return;
    open(false);
    pending = null;
  });
  lab.onReading((now) => {
    reading = now;
    if (now?.reply.seen !== seen) told = null; // another network may read the same drawing
    if (!isThere()) {
      close();
      pending = null;
    }
    render();
    if (pending !== null) keep(pending);
  });
  lab.onLanguage(root, render);
};
