// What is on the sheet, as a list of marks: strokes, pictures and clearings, the newest last.
// What one sees follows from the list alone, so that undo is taking the last mark off.
lab.MOST_POINTS = 10000; // in all strokes together; beyond that every second one is dropped
lab.MOST_MARKS = 400; // older ones can't be undone any more
lab.CLOSEST = 0.002; // of the side; a point nearer to the last one adds nothing

lab.createDrawing = function (storageKey) {
  let marks = restored();
  let lent = null; // strokes of the lab's own, seen on a blank sheet until the first mark

  function restored() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(storageKey));
      return Array.isArray(kept) && kept.every(isMark) ? kept : [];
    } catch {
      return []; // no storage, or not ours: an empty sheet
    }
  }

  function save() {
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(marks));
    } catch {
      // Storage is off or full: the drawing lives on this page only.
    }
  }

  function isMark(mark) {
    if (mark?.kind === "stroke") return mark.width > 0 && mark.points?.every(Number.isFinite);
    if (mark?.kind === "picture") return mark.ink?.length > 0 && mark.width * mark.height > 0;
    return mark?.kind === "clear";
  }

  // The marks that are seen: the strokes since the last clearing or picture, else that picture.
  // A stroke on a new sheet clears by itself, so that undo takes both back at once.
  function seen() {
    const start = marks.findLastIndex((mark) => mark.kind !== "stroke" || mark.onNewSheet);
    const strokes = marks.slice(marks[start]?.onNewSheet ? start : start + 1);
    return strokes.length || marks[start]?.kind !== "picture" ? strokes : [marks[start]];
  }

  function thin() {
    for (const mark of marks.filter((one) => one.kind === "stroke")) {
      const last = mark.points.length / 2 - 1;
      mark.points = mark.points.filter((_, at) => at >> 1 === last || (at >> 1) % 2 === 0);
    }
  }

  function add(mark) {
    lent = null;
    marks.push(mark);
    marks = marks.slice(-lab.MOST_MARKS);
    save();
  }

  const strokes = () => seen().filter((mark) => mark.kind === "stroke");

  return {
    save,
    strokes,
    lend: (others) => (lent = others),
    lent: () => lent,
    painted: () => lent ?? strokes(),
    begin: (width, x, y) => add({ kind: "stroke", width, points: [x, y] }),
    strokeOnNewSheet: (width, points) =>
      add({ kind: "stroke", width, points: [...points], onNewSheet: true }),
    picture: (width, height, ink) => add({ kind: "picture", width, height, ink }),
    isBlank: () => seen().length === 0,
    canUndo: () => marks.length > 0,
    shownPicture: () => seen().find((mark) => mark.kind === "picture"),

    clear() {
      lent = null;
      if (seen().length) add({ kind: "clear" });
    },

    // Other strokes in place of all that is seen; undo takes them off one by one.
    replace(strokes) {
      this.clear();
      for (const { width, points } of strokes) add({ kind: "stroke", width, points: [...points] });
    },

    undo() {
      lent = null;
      marks.pop();
      save();
    },

    // Lengthens the last stroke. Gives the piece to paint, or "all" after points were dropped.
    extend(x, y) {
      const { points } = marks.at(-1);
      const [fromX, fromY] = points.slice(-2);
      if (Math.hypot(x - fromX, y - fromY) < lab.CLOSEST) return null;
      points.push(x, y);
      const count = marks.reduce((sum, mark) => sum + (mark.points?.length ?? 0) / 2, 0);
      if (count <= lab.MOST_POINTS) return [fromX, fromY, x, y];
      thin();
      return "all";
    },
  };
};
