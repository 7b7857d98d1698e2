// The first look: a digit draws itself on the sheet and is read, until the visitor does anything.
lab.OPENING_SPEED = 1.3; // sides of the sheet a second
lab.PASSING_KEYS = { Tab: true, Shift: true }; // going round the page is no beginning
lab.OPENING_WAITS = 500; // ms, for the eye to come to rest

// `lend` puts strokes on the sheet, null takes them off; `isLent` says whether they still stand.
lab.playOpening = function (sheet, { lend, isLent }) {
  const strokes = lab.exampleStrokes();
  const begins = performance.now() + lab.OPENING_WAITS;
  const gone = new AbortController();
  const pen = document.createElement("i");
  let hasBegun = false;
  pen.className = "lab-opening-pen";
  sheet.querySelector(".lab-paper").append(pen);

  function leave() {
    gone.abort();
    pen.remove();
    if (isLent()) lend(null);
  }

  function draw(strokesSoFar) {
    const [x, y] = strokesSoFar.at(-1).points.slice(-2);
    pen.style.setProperty("--x", x);
    pen.style.setProperty("--y", y);
    pen.classList.add("is-down");
    lend(strokesSoFar);
    hasBegun = true;
  }

  // What a pen of this speed has drawn by now. Another drawing may have come in its place.
  function grow(now) {
    if (gone.signal.aborted) return;
    if (hasBegun && !isLent()) return leave();
    const length = (lab.OPENING_SPEED * (now - begins)) / 1000;
    if (length > 0) draw(lab.strokesUpTo(strokes, length));
    if (length < lab.strokesLength(strokes)) requestAnimationFrame(grow);
    else pen.remove();
  }

  const { signal } = gone;
  for (const kind of ["pointerdown", "keydown", "click", "drop"]) {
    const listen = ({ key }) => lab.PASSING_KEYS[key] || leave();
    sheet.addEventListener(kind, listen, { capture: true, signal });
  }
  requestAnimationFrame(grow);
};
