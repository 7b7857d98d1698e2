// A folded section below the tab: one line says what is in it, and it works only while it is open.

// `root` is a <details class="lab-panel">. `show(reading)` gets what `lab.onReading` tells, null for
// a blank sheet, when the panel opens and after each answer while it stays open; `render` writes
// the words that depend on what is shown.
lab.createPanel = function (root, { show = () => {}, render = () => {} }) {
  let told; // the reading that the panel has shown

  function tell() {
    if (!root.open || told === lab.reading) return;
    told = lab.reading;
    show(told);
  }

  root.addEventListener("toggle", tell);
  lab.onReading(tell);
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
