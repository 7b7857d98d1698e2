// A trained network at work in the other tabs; its weights taken home, and brought back.
lab.LARGEST_UPLOAD = 20_000_000; // bytes, as the server has it
lab.UPLOAD_PATIENCE = 120_000; // ms; a phone's line may be slow

// `tell` shows a sentence, `changed` is told of whatever a row shows.
lab.createShelfUse = function (server, { tell, changed }) {
  const there = new Set(); // keys of runs whose weights the server has
  const gone = new Set(); // keys of those whose weights it has not
  const asked = new Set(); // keys that it was asked about
  const busy = new Set(); // runs that are on their way into a menu
  const rescue = lab.createShelfRescue(changed);
  let isSeen = false;

  const menuOf = (isCleaner) => (isCleaner ? lab.ownCleaners : lab.ownNetworks);
  const tabKey = (isCleaner) => (isCleaner ? "tab_denoise" : "tab_draw");

  const lineOf = (run) =>
    run.key ? menuOf(lab.isCleaner(run)).lines().find((line) => line.run === run.key) : undefined;

  // Asks once about each run that is over, while the shelf is on the screen.
  async function follow() {
    rescue.follow();
    const keys = lab.runs.filter(lab.isRunOver).map(({ key }) => key);
    const fresh = keys.filter((key) => key && !asked.has(key)).slice(0, 100);
    if (!isSeen || !fresh.length) return;
    fresh.forEach((key) => asked.add(key));
    const reply = await lab.patiently(server.kept_runs({ keys: fresh }));
    if (reply.error) fresh.forEach((key) => asked.delete(key)); // again with the next change
    else fresh.forEach((key) => (reply.kept.includes(key) ? there : gone).add(key));
    changed();
  }

  function look(isIt) {
    isSeen = isIt;
    follow();
  }

  // A network of the visitor's own into its tab's menu, and chosen there.
  function take({ owner, kept, kind, ...line }, more) {
    const isCleaner = kind === "cleaner";
    menuOf(isCleaner).keep({ ...line, ...more, owner, kept });
    choose(line.name, isCleaner);
    const name = lab.networkTitle({ ...line, ...more });
    tell("shelf_used", { name, tab: lab.say(tabKey(isCleaner)) });
  }

  async function choose(name, isCleaner) {
    if (!isCleaner) return lab.networks.choose(name);
    await lab.need("denoise");
    if (lab.setCleaning) lab.setCleaning({ cleaner: name });
    else lab.cleaning.cleaner = name; // its tab has not been opened yet
  }

  async function press(run) {
    const isCleaner = lab.isCleaner(run);
    const line = lineOf(run);
    if (line) {
      choose(line.name, isCleaner);
      return lab.openTab(tabKey(isCleaner));
    }
    busy.add(run);
    changed();
    const { key, number, colour } = run;
    const owner = menuOf(isCleaner).owner() ?? run.owner;
    const reply = await lab.patiently(server.use_run({ key, owner }));
    busy.delete(run);
    if (reply.error) return lose(run, reply);
    const accuracy = isCleaner ? null : lab.runFigure(run, "best_figures");
    return take({ ...reply, accuracy }, { run: key, number, colour });
  }

  function lose({ key }, { error, details }) {
    if (error === "shelf_gone") [there.delete(key), gone.add(key)];
    tell(error, details, true);
  }

  // The browser fetches it once the server has said that it is there: it could show no sentence.
  async function download(run) {
    const file = rescue.fileOf(run);
    if (file) return offer(run, URL.createObjectURL(file));
    const reply = await lab.patiently(server.kept_runs({ keys: [run.key] }));
    if (reply.error) return tell(reply.error, reply.details, true);
    if (!reply.kept.length) return lose(run, { error: "shelf_gone" });
    return offer(run, `lab/run/${run.key}.safetensors`); // below a path of its host, maybe
  }

  function offer(run, address) {
    const link = document.createElement("a");
    link.href = address;
    link.download = `${run.recipe.network}-run-${run.number}.safetensors`;
    link.click();
  }

  async function load(file) {
    if (file.size > lab.LARGEST_UPLOAD) return tell("upload_too_large", {}, true);
    tell("upload_running", { name: file.name, size: (file.size / 1e6).toFixed(1) });
    const text = lab.toText(new Uint8Array(await file.arrayBuffer()));
    const owner = lab.ownNetworks.owner() ?? lab.ownCleaners.owner();
    const asking = server.upload_network({ file: text, owner });
    const reply = await lab.patiently(asking, lab.UPLOAD_PATIENCE);
    if (reply.error) return tell(reply.error, reply.details, true);
    return take(reply, { colour: "var(--lab-ink)" });
  }

  return {
    follow,
    look,
    press,
    download,
    load,
    lineOf,
    isBusy: (run) => busy.has(run),
    isThere: (run) => there.has(run.key) || Boolean(rescue.fileOf(run)),
    isGone: (run) => !run.key || (gone.has(run.key) && !rescue.fileOf(run)),
    tabOf: (run) => lab.say(tabKey(lab.isCleaner(run))),
  };
};
