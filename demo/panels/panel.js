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
