// What the panel has been told, and what it asks for next.
lab.inside.REST = 250; // ms without a new answer, after which the pen counts as resting
lab.inside.SOME = 32; // maps asked for at first
lab.inside.ALL = 256; // the most that the server sends

// `isOpen` tells whether the panel is; `changed` is called after each reply.
lab.inside.createAsks = function (server, isOpen, changed) {
  const state = {
    reading: null, // {request, reply} of what stands on the sheet
    chosen: { step: null, of: null }, // the step that was pressed, and its network
    all: false, // whether all maps are shown
    about: null, // the digit asked about; null for the one that is read
    beside: null, // the second network, once one was chosen
    menu: { networks: [], first: null },
    trouble: {}, // {error, details} of what could not be told
  };
  let missed = false; // whether the panel was closed before everything was asked
  // From urgent to patient.
  const queue = lab.inside.createQueue({
    menu: async () => tell("menu", await lab.patiently(server.networks_beside({}))),
    seen: () => ask("seen", server.look_inside, { ...state.chosen, most: most() }),
    filters: () => ask("filters", server.first_filters, {}),
    told: () => askDrawn("told", server.explain, { label: label() }),
    second: () => askDrawn("second", server.read_beside, second({ most: lab.inside.SIDE_MAPS })),
    secondTold: () => askDrawn("secondTold", server.explain, second({ label: label() })),
  });

  const most = () => (state.all ? lab.inside.ALL : lab.inside.SOME);
  const second = (more) => ({ ...state.chosen, ...more, model: secondName() });

  async function ask(name, call, more) {
    missed ||= !isOpen(); // then it is asked when the panel opens again
    if (!isOpen()) return;
    const of = state.reading;
    const reply = await lab.patiently(call({ ...(of?.request ?? blankSheet()), ...more }));
    if (of === state.reading || name === "seen") tell(name, { of, ...reply });
  }

  async function askDrawn(name, call, more) {
    if (state.reading) await ask(name, call, more);
  }

  function tell(name, reply) {
    state.trouble[name] = reply.error ? reply : null;
    if (!reply.error) state[name] = reply;
    else if (name !== "menu") state[name] = null;
    if (name === "seen" && state.seen && state.seen.model !== state.filters?.model) want("filters");
    changed();
  }

  // Without a drawing, what the network makes of bare paper.
  function blankSheet() {
    const side = lab.SEEN_SIDE;
    const pixels = lab.toText(new Uint8Array(side * side));
    return { kind: "ink", width: side, height: side, pixels, model: state.seen?.model ?? null };
  }

  // The digit asked about: the one that is read, or the nearest where none is.
  function label() {
    const answer = state.reading?.reply;
    return state.about ?? (answer ? Number(answer.label ?? lab.ranked(answer, 0)) : null);
  }

  // The second network: as chosen, else the book's, else any that is not the first.
  function secondName() {
    const readable = state.menu.networks.filter(({ error }) => !error).map(({ name }) => name);
    const wishes = [state.menu.first, ...readable];
    const other = (name) => readable.includes(name) && name !== state.seen?.model;
    return state.beside ?? wishes.find(other) ?? state.menu.first;
  }

  function want(...names) {
    names.forEach((name) => queue.want(name));
  }

  // The costly ones wait until the pen rests.
  function read(reading) {
    state.reading = reading;
    if (!reading) Object.assign(state, { told: null, second: null, secondTold: null });
    if (!state.menu.first) want("menu");
    want("seen");
    for (const name of ["told", "second", "secondTold"]) queue.want(name, lab.inside.REST);
    changed();
  }

  // Asks again for what no longer fits what was chosen, and shows it as such until then.
  function outdate(...names) {
    for (const name of names) if (state[name]) state[name].isOld = true;
    want(...names);
    changed();
  }

  function resume() {
    if (missed && isOpen()) read(state.reading);
    missed &&= !isOpen();
  }

  // Whether what was told belongs to what is drawn and asked now.
  function isFresh(name) {
    const { of, label: told, isOld } = state[name] ?? { of: null };
    return !isOld && of === state.reading && (told === undefined || told === label());
  }

  return { state, want, outdate, read, resume, label, secondName, isFresh };
};
