// Teaching: how, the button, how far it is, and what came of it.
lab.PHOTOS_POLL = 300; // ms between two questions how far it is
lab.PHOTOS_PATIENCE = 120000; // ms until a teaching counts as lost

lab.createPhotoTeaching = function (root, server, { set, taught, changed }) {
  const find = (name) => root.querySelector(`[data-testid=photos-${name}]`);
  const chosen = { backbone: "efficientnet_lite0", head: "linear" };
  let backbones = []; // [{name, features, parameters, here}]
  let share = null; // of a teaching under way
  const pace = lab.createPace();
  let facts = null; // of the last one
  let owner = null;
  let isStale = false; // the photographs are others by now
  let trouble = null;

  async function learnChoices() {
    const reply = await lab.patiently(server.photo_choices({}));
    if (reply.error) return;
    backbones = reply.backbones;
    fill(find("backbones"), "backbone", backbones.map(({ name }) => name));
    fill(find("heads"), "head", reply.heads);
    render();
  }

  function fill(place, key, values) {
    place.replaceChildren(...values.map((value) => choice(key, value)));
  }

  function choice(key, value) {
    const label = document.createElement("label");
    const [input, name, note] = ["input", "b", "small"].map((tag) => document.createElement(tag));
    Object.assign(input, { type: "radio", name: `photos-${key}`, value });
    input.dataset.testid = `photos-${key}-${value}`;
    input.addEventListener("change", () => {
      chosen[key] = value;
      isStale = true;
      render();
      changed();
    });
    label.append(input, name, note);
    return label;
  }

  function renderChoices() {
    for (const input of root.querySelectorAll(".lab-photos-choices input")) {
      const key = input.name.replace("photos-", "");
      const [, name, note] = input.parentElement.children;
      const backbone = backbones.find((one) => one.name === input.value);
      input.checked = chosen[key] === input.value;
      const away = backbone?.here === false ? "photos_backbone_away" : null;
      lab.hold(input, share === null ? away : "hold_busy", { name: input.value });
      input.parentElement.classList.toggle("is-away", backbone?.here === false);
      lab.setWord(name, `photos_${key}_${input.value}`);
      if (!backbone) lab.setWord(note, `photos_head_${input.value}_note`);
      else if (backbone.here) {
        const weights = lab.shortCount(backbone.parameters);
        lab.setWord(note, "photos_backbone_note", { weights, features: backbone.features });
      } else lab.setWord(note, "photos_backbone_away", { name: backbone.name });
    }
  }

  // Why Teach can't be pressed, null where it can.
  function missing() {
    const bare = set.all().findIndex(({ photos }) => !photos.length) + 1;
    if (!set.count()) return ["photos_start", {}];
    if (bare) return ["photos_none", { place: bare }];
    const names = set.all().map(({ name }) => name.trim().toLowerCase());
    const nameless = names.indexOf("") + 1;
    if (nameless) return ["photos_no_name", { place: nameless }];
    const double = names.find((name, at) => names.indexOf(name) !== at);
    return double ? ["photos_same_name", { name: double }] : null;
  }

  function sentence() {
    if (share === 0) return ["photos_loading"]; // the network comes from the disk first
    if (share !== null) {
      return ["photos_teaching", { percent: 10 * Math.floor(10 * share) }]; // read out each time
    }
    if (trouble) return [trouble.error, trouble.details];
    if (missing() && !facts) return missing();
    if (!facts) return ["photos_ready"];
    if (isStale) return missing() ?? ["photos_stale"];
    if (facts.left_out === null) return ["photos_taught_alone"];
    const chance = lab.percent(1 / facts.names.length, 0);
    const key = facts.head === "tuned" ? "photos_taught_tuned" : "photos_taught";
    return [key, { right: lab.percent(facts.left_out, 0), chance }];
  }

  function render() {
    renderChoices();
    const button = find("teach");
    lab.setWord(button, share === null ? "photos_teach" : "photos_teach_running");
    lab.hold(button, ...(share === null ? (missing() ?? [null]) : ["hold_busy"]));
    const bar = find("progress");
    bar.classList.toggle("is-running", share !== null);
    bar.setAttribute("aria-valuenow", lab.percent(share ?? 0, 0));
    bar.firstElementChild.style.width = `${100 * (share ?? 0)}%`;
    const said = find("said");
    lab.setWord(said, ...sentence());
    if (share) said.textContent = pace.after(said.textContent);
    said.classList.toggle("is-wrong", Boolean(trouble) && share === null);
    renderFigures();
  }

  function figures({ left_out: right, trained, parameters, seconds }) {
    const [count, whole] = [trained, parameters].map(lab.shortCount);
    return [
      ["photos_left_out", right === null ? "–" : lab.say("percent", { number: lab.percent(right, 0) })],
      ["photos_trained", lab.say("photos_of", { count, whole })],
      ["photos_seconds", lab.say("photos_s", { seconds: seconds.toFixed(1) })],
    ];
  }

  function renderFigures() {
    const pairs = (facts ? figures(facts) : []).map(([key, value]) => {
      const [line, term, told] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
      lab.setWord(term, key);
      told.textContent = value;
      line.append(term, told);
      return line;
    });
    find("figures").replaceChildren(...pairs);
    find("figures").classList.toggle("is-waiting", share !== null || isStale);
  }

  async function teach() {
    trouble = null;
    share = 0;
    pace.forget();
    render();
    const classes = await Promise.all(
      set.all().map(async ({ name, photos }) => ({
        name,
        photos: await Promise.all(photos.map(lab.photoText)),
      })),
    );
    isStale = false;
    const begun = await lab.patiently(
      server.teach_own_photos({ classes, ...chosen, seed: 0, owner }),
      lab.PHOTOS_PATIENCE,
    );
    if (begun.error) return ended({ error: begun.error, details: begun.details });
    owner = begun.owner;
    await follow(begun.key);
  }

  async function follow(key) {
    const deadline = performance.now() + lab.PHOTOS_PATIENCE;
    while (performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, lab.PHOTOS_POLL));
      const reply = await lab.patiently(server.photos_progress({ key }));
      if (reply.error) return ended(reply);
      share = reply.share;
      if (share) pace.note(share);
      if (reply.facts) {
        facts = reply.facts;
        ended(null);
        return taught(key, facts);
      }
      render();
    }
    ended({ error: "connection_lost", details: {} });
  }

  function ended(fault) {
    share = null;
    trouble = fault;
    render();
    lab.countPicture(root);
  }

  find("teach").addEventListener("click", teach);
  learnChoices();
  return {
    render,
    chosen: () => ({ ...chosen }),
    noteChange() {
      isStale = Boolean(facts);
      trouble = null;
      render();
    },
  };
};

// 3371008 -> "3.4 M", 12805 -> "13 k", 512 -> "512".
lab.shortCount = function (count) {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  return count >= 1e4 ? `${Math.round(count / 1e3)} k` : String(count);
};
