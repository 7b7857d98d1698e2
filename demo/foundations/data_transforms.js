// The transforms as cards, one after the other: each shows what it makes of the card before it.
lab.DATA_CARDS = {
  resize: [{ key: "size", kind: "slider", low: 8, high: 40, step: 1, value: 32 }],
  center_crop: [{ key: "size", kind: "slider", low: 8, high: 40, step: 1, value: 30 }],
  random_crop: [
    { key: "size", kind: "slider", low: 8, high: 40, step: 1, value: 28 },
    { key: "padding", kind: "slider", low: 0, high: 8, step: 1, value: 2 },
  ],
  horizontal_flip: [{ key: "p", kind: "slider", low: 0, high: 1, step: 0.05, value: 0.5 }],
  vertical_flip: [{ key: "p", kind: "slider", low: 0, high: 1, step: 0.05, value: 0.5 }],
  to_tensor: [],
  normalize: [
    { key: "mean", kind: "slider", low: 0, high: 1, step: 0.01, value: 0.5 },
    { key: "std", kind: "slider", low: 0.05, high: 2, step: 0.01, value: 0.5 },
  ],
  undo: [],
  to_pil: [],
};

lab.createDataTransforms = function (place, server, { setNormal, count, changed }) {
  const source = lab.createDataCard(place.querySelector("[data-testid=data-source]"));
  const cards = {};
  for (const [name, specs] of Object.entries(lab.DATA_CARDS)) {
    const card = place.querySelector(`[data-card=${name}]`);
    cards[name] = lab.createDataCard(card, specs, (own) => {
      if (name === "normalize") setNormal({ mean: own.mean, std: own.std });
      want();
    });
  }
  const asker = lab.createAsker(place, {
    ask: (asked) => server.transform_digit(asked),
    settings,
    show,
  });
  let seed = 0;

  function settings() {
    const values = Object.fromEntries(Object.entries(cards).map(([name, card]) => [name, card.values()]));
    const { mean, std } = values.normalize;
    Object.assign(values.undo, { mean, std });
    return { digit: lab.reading?.reply.seen ?? null, cards: values, seed };
  }

  function want() {
    asker.want();
    changed();
  }

  function show(reply) {
    source.show(reply.source, null);
    let before = reply.source;
    for (const [name, card] of Object.entries(cards)) {
      card.show(reply.cards[name] ?? null, before);
      before = reply.cards[name] ?? before;
    }
    count();
  }

  function setMean(normal) {
    cards.normalize.set(normal);
    want();
  }

  function render() {
    const word = lab.reading ? "idea_data_yours" : "idea_data_sample";
    lab.setWord(place.querySelector("[data-testid=data-source] h4"), word);
  }

  place.querySelector("[data-testid=data-roll]").addEventListener("click", () => {
    seed += 1;
    want();
  });
  place.querySelector("[data-testid=data-draw]").addEventListener("click", () => {
    lab.openTab("tab_draw");
  });
  lab.onReading(render);
  lab.onLanguage(place, render);
  return { settings, want, setNormal: setMean };
};
