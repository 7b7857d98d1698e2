// The visitor's own symbols: names, and the drawings of each, kept in this browser.
lab.FEWEST_SYMBOLS = 2; // classes that can be told apart
lab.MOST_SYMBOLS = 10;
lab.FEWEST_EXAMPLES = 2; // drawings of a class: leaving one out must leave one
lab.GOOD_EXAMPLES = [3, 10]; // of a class, to begin with
lab.MOST_EXAMPLES = 20; // with corrections
lab.LONGEST_NAME = 12; // characters
lab.FIRST_SYMBOLS = ["\u2606", "\u25b3", "\u2665"]; // a star, a triangle, a heart

lab.SYMBOLS_TO_TRY = [
  lab.FIRST_SYMBOLS,
  [..."\u4e00\u4e8c\u4e09\u4eba\u53e3"], // one, two, three, a person, a mouth
  [..."ABC"],
];

// A symbol: {name, drawings}; a drawing: {seen, strokes}, the 28 x 28 pixels in base64 and how they
// were drawn, null for what came from a file. What is refused gives {error, details}, else null.
lab.createSymbolSet = function (storageKey) {
  const listeners = new Set();
  let { symbols, chosen } = restored();
  let before = null; // the symbols before something was taken out or put in their place
  let saved = true;

  function restored() {
    const fresh = { symbols: lab.FIRST_SYMBOLS.map((name) => ({ name, drawings: [] })), chosen: 0 };
    try {
      const kept = JSON.parse(localStorage.getItem(storageKey));
      return isSet(kept?.symbols) ? { symbols: kept.symbols, chosen: kept.chosen ?? 0 } : fresh;
    } catch {
      return fresh; // no storage, or not ours
    }
  }

  function isSet(kept) {
    return Array.isArray(kept) && kept.length <= lab.MOST_SYMBOLS && kept.every(isSymbol);
  }

  function isSymbol(symbol) {
    const { name, drawings } = symbol ?? {};
    if (typeof name !== "string" || !Array.isArray(drawings)) return false;
    return drawings.length <= lab.MOST_EXAMPLES && drawings.every(isDrawing);
  }

  function isDrawing(drawing) {
    return drawing?.seen?.length === lab.OWN_PIXELS && /^[A-Za-z0-9+/]+=*$/.test(drawing.seen);
  }

  function changed() {
    chosen = Math.max(Math.min(chosen, symbols.length - 1), 0);
    try {
      localStorage.setItem(storageKey, JSON.stringify({ symbols, chosen }));
      saved = true;
    } catch {
      saved = false; // storage is off or full: the set lives on this page only
    }
    listeners.forEach((listener) => listener());
    return null;
  }

  // Takes other symbols in place of these; undo brings these back.
  function become(others) {
    before = symbols;
    symbols = others;
    return changed();
  }

  function wrongName(name, own = null) {
    const most = lab.LONGEST_NAME;
    if (!name) return { error: "symbols_name_missing", details: { most } };
    if ([...name].length > most) return { error: "symbols_name_long", details: { name, most } };
    const twice = symbols.some((symbol) => symbol !== own && folded(symbol.name) === folded(name));
    return twice ? { error: "symbols_name_taken", details: { name } } : null;
  }

  const folded = (name) => name.toLowerCase();
  const trimmed = (text) => text.normalize("NFC").trim();

  function add(text) {
    const name = trimmed(text);
    const wrong = wrongName(name);
    if (wrong) return wrong;
    if (symbols.length >= lab.MOST_SYMBOLS) {
      return { error: "symbols_many", details: { most: lab.MOST_SYMBOLS } };
    }
    symbols = [...symbols, { name, drawings: [] }];
    chosen = symbols.length - 1;
    return changed();
  }

  function rename(symbol, text) {
    const name = trimmed(text);
    const wrong = wrongName(name, symbol);
    if (wrong) return wrong;
    symbol.name = name;
    return changed();
  }

  // Names to try: they take the place of the symbols of which nothing is drawn.
  function offer(names) {
    const drawn = symbols.filter(({ drawings }) => drawings.length);
    const fresh = names.filter((name) => !drawn.some((symbol) => symbol.name === name));
    const most = lab.MOST_SYMBOLS;
    if (drawn.length + fresh.length > most) return { error: "symbols_many", details: { most } };
    symbols = [...drawn, ...fresh.map((name) => ({ name, drawings: [] }))];
    chosen = fresh.length ? drawn.length : 0;
    return changed();
  }

  // Symbols with drawings by another hand, beside those that the visitor has drawn.
  function give(others) {
    const drawn = symbols.filter(({ drawings }) => drawings.length);
    const fresh = others.filter(({ name }) => !drawn.some((symbol) => symbol.name === name));
    const most = lab.MOST_SYMBOLS;
    if (drawn.length + fresh.length > most) return { error: "symbols_many", details: { most } };
    return become([...drawn, ...fresh]);
  }

  // The drawing is kept as an example of a symbol, unless it is there already or there is no room.
  function keep(symbol, drawing) {
    const same = symbols.find(({ drawings }) => drawings.some(({ seen }) => seen === drawing.seen));
    const details = { name: symbol.name, other: same?.name, most: lab.MOST_EXAMPLES };
    if (same) return { error: same === symbol ? "symbols_again" : "symbols_in_two", details };
    if (symbol.drawings.length >= lab.MOST_EXAMPLES) return { error: "symbols_full", details };
    symbol.drawings = [...symbol.drawings, drawing];
    before = null;
    return changed();
  }

  function without(symbol, drawing) {
    const drawings = symbol.drawings.filter((one) => one !== drawing);
    return symbols.map((one) => (one === symbol ? { ...one, drawings } : one));
  }

  // Another window of the same browser has changed the set.
  window.addEventListener("storage", ({ key }) => {
    if (key !== storageKey) return;
    ({ symbols, chosen } = restored());
    before = null;
    listeners.forEach((listener) => listener());
  });

  return {
    add,
    rename,
    offer,
    give,
    keep,
    all: () => symbols,
    chosen: () => symbols[chosen] ?? null,
    choose: (symbol) => ((chosen = symbols.indexOf(symbol)), changed()),
    remove: (symbol) => become(symbols.filter((one) => one !== symbol)),
    drop: (symbol, drawing) => become(without(symbol, drawing)),
    replace: become,
    isSaved: () => saved,
    canUndo: () => before !== null,
    onChange: (listener) => listeners.add(listener),

    undo() {
      symbols = before ?? symbols;
      before = null;
      changed();
    },
  };
};

// A set as the server takes it.
lab.symbolsRequest = function (symbols) {
  return {
    names: symbols.map(({ name }) => name),
    examples: symbols.map(({ drawings }) => drawings.map(({ seen }) => seen)),
  };
};

// Why a set can't be taught yet: {error, details}, null where it can.
lab.symbolsMissing = function (symbols) {
  const fewest = lab.FEWEST_EXAMPLES;
  if (symbols.length < lab.FEWEST_SYMBOLS) {
    return { error: "symbols_few", details: { fewest: lab.FEWEST_SYMBOLS } };
  }
  const poor = symbols.filter(({ drawings }) => drawings.length < fewest);
  const names = poor.map(({ name }) => name).join(" ");
  return poor.length ? { error: "symbols_poor", details: { names, fewest } } : null;
};
