// "Fool the network": a digit, the visitor's or else the lab's, and a push that turns its answer.
lab.FOOLING_PATIENCE = 30_000; // ms; the digit is read first, then pushed twice

lab.tries.draw = async function () {
  const panel = document.querySelector("[data-testid=why]");
  const before = { isOpen: panel.open, network: lab.networks.chosen() };
  const lentBy = lab.drawing.isBlank() ? await lab.putExample() : null;
  if (lentBy?.error) return lentBy;
  if (lab.networks.isTaught()) lab.networks.choose(lab.networks.usual());
  panel.open = true;
  const fool = await lab.foolReady;
  before.strength = fool.strength();
  const { error, details } = await lab.patiently(fool.turn(), lab.FOOLING_PATIENCE);
  lab.bringIntoView(panel.querySelector("[data-testid=fool]"));
  return { error, details, undo: () => lab.unfool(fool, before, lentBy) };
};

// A digit of the lab's own on the sheet: what takes it off, as long as it stands there.
lab.putExample = async function () {
  if (!(await lab.comes("opening"))) return { error: "connection_lost" };
  const strokes = lab.exampleStrokes();
  lab.putStrokesOnSheet(strokes);
  const there = JSON.stringify(lab.drawing.strokes());
  return () => JSON.stringify(lab.drawing.strokes()) === there && lab.putStrokesOnSheet([]);
};

lab.unfool = function (fool, { isOpen, network, strength }, takeOff) {
  fool.set(strength);
  document.querySelector("[data-testid=why]").open = isOpen;
  if (lab.networks.chosen() !== network) lab.networks.choose(network);
  takeOff?.();
};
