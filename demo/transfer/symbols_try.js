// "Teach it a star": the lab draws three symbols, they are taught, and one more star is read.
lab.MOST_SEED = 1e6;

lab.tries.transfer = async function () {
  lab.showTransferPart("symbols");
  const section = await lab.symbolsReady;
  const { set, sheet, teach, taught } = section;
  const reply = await lab.patiently(section.draw(Math.floor(lab.MOST_SEED * Math.random())));
  if (reply.error) return reply;
  const before = { symbols: set.all(), taught: taught()?.name };
  const wrong = set.give(reply.symbols);
  if (wrong) return wrong;
  await teach();
  if (taught()?.name !== before.taught) sheet.put(reply.unseen);
  return { undo: () => lab.untry(section, before, reply) };
};

// Takes out what the lab drew and what it taught; what the visitor drew since then stays.
lab.untry = function (section, before, { symbols, unseen }) {
  const { set, sheet, unteach, forgetScores, taught } = section;
  const given = new Set(symbols.flatMap(({ drawings }) => drawings.map(({ seen }) => seen)));
  const left = set.all().map((symbol) => ({
    ...symbol,
    drawings: symbol.drawings.filter(({ seen }) => !given.has(seen)),
  }));
  const drawn = left.filter(({ drawings }) => drawings.length);
  const names = new Set(drawn.map(({ name }) => name));
  const empty = before.symbols.filter(({ name, drawings }) => !drawings.length && !names.has(name));
  set.replace([...drawn, ...empty]);
  forgetScores();
  if (taught() && taught().name !== before.taught) unteach(taught().name);
  if (JSON.stringify(sheet.strokes()) === JSON.stringify(unseen.map(lab.asMark))) sheet.put([]);
};

lab.asMark = ({ width, points }) => ({ kind: "stroke", width, points });
