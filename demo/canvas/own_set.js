// The visitor's own set: drawings with the digit that they really are, kept in this browser.
lab.OWN_LIMIT = 200; // drawings
lab.OWN_STROKES = 4000; // characters of a drawing's strokes; beyond that points are dropped
lab.OWN_PIXELS = 4 * Math.ceil(28 ** 2 / 3); // characters of a 28 x 28 picture in base64

// A drawing: {label, seen, strokes, reads}. `seen` is the 28 x 28 pixels that the network saw, in
// base64; `strokes` puts it back on the sheet, null where `seen` does; `reads` says by the name of
// a network what it read, null where it refused.
lab.createOwnSet = function (storageKey) {
  const listeners = new Set();
  let drawings = restored();
  let removed = null; // the set before something was taken out of it
  let saved = true;

  function restored() {
    try {
      const kept = JSON.parse(localStorage.getItem(storageKey));
      return Array.isArray(kept) ? kept.filter(isDrawing).slice(0, lab.OWN_LIMIT) : [];
    } catch {
      return []; // no storage, or not ours: an empty set
    }
  }

  function isDrawing(one) {
    const strokes = one?.strokes ?? [];
    if (!lab.DIGITS.includes(one?.label) || one.seen?.length !== lab.OWN_PIXELS) return false;
    if (!/^[A-Za-z0-9+/]+=*$/.test(one.seen) || typeof one.reads !== "object") return false;
    return Array.isArray(strokes) && strokes.every(isStroke);
  }

  function isStroke(stroke) {
    return stroke?.width > 0 && stroke.points?.length > 1 && stroke.points.every(Number.isFinite);
  }

  function changed() {
    try {
      localStorage.setItem(storageKey, JSON.stringify(drawings));
      saved = true;
    } catch {
      saved = false; // storage is off or full: the set lives on this page only
    }
    listeners.forEach((listener) => listener());
  }

  // The same drawing again gets its new label. Gives whether there was room.
  function keep(drawing) {
    const known = drawings.find(({ seen }) => seen === drawing.seen);
    if (!known && drawings.length >= lab.OWN_LIMIT) return false;
    if (known) Object.assign(known, drawing, { reads: { ...known.reads, ...drawing.reads } });
    else drawings = [...drawings, drawing];
    removed = null;
    changed();
    return true;
  }

  // Gives how many were new; those that are here already keep their label.
  function load(others) {
    const known = new Set(drawings.map(({ seen }) => seen));
    const fresh = others.filter(({ seen }) => !known.has(seen) && known.add(seen));
    const taken = fresh.slice(0, lab.OWN_LIMIT - drawings.length);
    drawings = [...drawings, ...taken];
    removed = null;
    changed();
    const same = others.length - fresh.length;
    return { count: taken.length, same, full: fresh.length > taken.length };
  }

  function leave(rest) {
    removed = drawings;
    drawings = rest;
    changed();
  }

  // Another window of the same browser has changed the set.
  window.addEventListener("storage", ({ key }) => {
    if (key !== storageKey) return;
    drawings = restored();
    removed = null;
    listeners.forEach((listener) => listener());
  });

  return {
    keep,
    load,
    all: () => drawings,
    isSaved: () => saved,
    canUndo: () => removed !== null,
    remove: (drawing) => leave(drawings.filter((one) => one !== drawing)),
    clear: () => leave([]),
    onChange: (listener) => listeners.add(listener),

    undo() {
      drawings = removed ?? drawings;
      removed = null;
      changed();
    },

    // What a network read in the drawings of a list, some of which may be gone by now.
    setReads(name, list, reads) {
      list.forEach((drawing, at) => (drawing.reads[name] = reads[at]));
      changed();
    },
  };
};

// The strokes as they are kept: as fine as the screen shows them, every second point dropped until
// they are short enough.
lab.shortStrokes = function (strokes) {
  let short = strokes.map(({ width, points }) => ({
    width,
    points: points.map((value) => Math.round(value * 1000) / 1000),
  }));
  const longest = () => Math.max(...short.map(({ points }) => points.length));
  while (JSON.stringify(short).length > lab.OWN_STROKES && longest() > 4) {
    short = short.map(({ width, points }) => {
      const last = points.length / 2 - 1;
      const kept = (at) => at >> 1 === last || (at >> 1) % 2 === 0;
      return { width, points: points.filter((_, at) => kept(at)) };
    });
  }
  return JSON.stringify(short).length > lab.OWN_STROKES ? null : short;
};

lab.own = lab.createOwnSet("lab.own_digits");
