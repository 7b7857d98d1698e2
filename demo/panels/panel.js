// A folded section below the tab: one line says what is in it, and it works only while it is open.

// `root` is a <details class="lab-panel">. `show(reading)` gets what `lab.onReading` tells, null for
// a blank sheet, when the panel opens and after each answer while it stays open; `render` writes
// the words that depend on what is shown. One that is about `digits` says so, and nothing else, while
// the chosen network knows other names than the ten digits.
lab.createPanel = function (root, { show = () => {}, render = () => {}, digits = false }) {
  let told; // the reading that the panel has shown
  const sorry = document.createElement("p");
  sorry.className = "lab-panel-digits";
  sorry.dataset.word = "panel_digits";
  if (digits) root.append(sorry);

  function isAway() {
    const isTaught = digits && Boolean(lab.networks?.isTaught());
    root.classList.toggle("is-away", isTaught);
    return isTaught;
  }

  function tell() {
    if (isAway() || !root.open || told === lab.reading) return;
    told = lab.reading;
    show(told);
  }

  root.addEventListener("toggle", tell);
  lab.onReading(tell);
  if (digits) document.addEventListener("lab-networks", isAway);
  lab.onLanguage(root, render);
  return { isOpen: () => root.open };
};

// A picture of 28 x 28 bytes on a canvas of that size, in its own colour unless told otherwise;
// none leaves it empty.
lab.paintDigit = function (canvas, ink, colour = getComputedStyle(canvas).color) {
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, lab.SEEN_SIDE, lab.SEEN_SIDE);
  if (!ink) return;
  lab.paintInk(context, { width: lab.SEEN_SIDE, height: lab.SEEN_SIDE, ink }, colour);
};
