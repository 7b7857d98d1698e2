// One of two networks on the same drawing: its answer, ten bars, the maps of the same depth, and
// what speaks for the label that is asked about.
lab.inside.SIDE_MAPS = 12;
lab.inside.SIDE_SMALL = 56; // px, the largest side of one of many maps
lab.inside.SIDE_LARGE = 140; // px, of a single one
lab.inside.NARROW = 300; // px, a column on a phone, where both are a little smaller

lab.inside.createSide = function (column) {
  const find = (selector) => column.querySelector(selector);
  const [digit, sure] = [find(".lab-net-read b"), find(".lab-net-read span")];
  const bars = lab.DIGITS.map((name) => lab.createBar(find(".lab-net-bars"), name));
  const note = find(".lab-note");
  const place = find(".lab-net-grid");
  const grid = lab.inside.createGrid(place, "grey");
  const heats = lab.inside.createHeats(find(".lab-net-heats"));

  function showAnswer(answer, isDrawn) {
    const blank = !answer || answer.reason === "blank";
    digit.textContent = blank ? "" : (answer.label ?? "?");
    lab.setWord(sure, ...(isDrawn && !answer ? [null] : lab.verdict(answer)));
    bars.forEach((bar, at) => {
      bar(blank ? 0 : answer.probabilities[at], !blank && String(at) === lab.ranked(answer, 0));
    });
  }

  function showMaps({ model, steps, step, maps }) {
    place.hidden = step === null;
    if (step === null) {
      lab.setWord(note, "inside_no_maps_beside", { network: model });
      return;
    }
    const shape = lab.inside.shapeOf(steps[step]);
    note.textContent = [shape, lab.inside.layersOf(steps, step)].join(" · ");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", lab.say("inside_maps_label", { shape }));
    grid.show(maps, sideOf(maps), lab.inside.SIDE_MAPS);
  }

  function sideOf({ count }) {
    const whole = count === 1 ? lab.inside.SIDE_LARGE : lab.inside.SIDE_SMALL;
    return column.clientWidth < lab.inside.NARROW ? whole - 14 : whole;
  }

  // `seen`, `told` and `wrong` are the server's, null while there are none.
  function show({ isDrawn, answer, seen, told, wrong }) {
    showAnswer(answer, isDrawn);
    if (wrong) lab.setWord(sure, wrong.error, wrong.details);
    if (seen) showMaps(seen);
    else if (!isDrawn) place.replaceChildren(); // those of a drawing that is gone
    heats.show(told, seen?.model);
  }

  return { show };
};
