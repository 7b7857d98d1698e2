// The experiments of the Train tab: a question to guess at, a few runs, and a sentence about them.
lab.PRESET_COST_AGAIN = 700; // ms until a cost is asked for again that another one held up

// "Adam, Learning rate 0.003": the settings that tell a run from the others of its experiment.
lab.presetRunName = function ({ recipe, named }) {
  const field = (name) => lab.TRAIN_FIELDS.find((each) => each.field === name);
  const said = named.map((name) => {
    const value = lab.valueSaid(field(name), recipe[name]);
    return field(name).kind === "menu" ? value : `${lab.settingName(name)} ${value}`;
  });
  return said.join(", ");
};

lab.presetAnswerName = function (preset, answer) {
  const run = preset.runs.find(({ key }) => key === answer);
  if (run) return lab.presetRunName({ ...run, named: run.named.slice(0, 1) }); // short
  const [low, high] = preset.limits;
  return lab.say(`train_preset_${answer}`, { low, high });
};

// What stands in a sentence: text as it is, and lists of {run, text}.
lab.presetDetails = function (preset, details) {
  const spoken = ({ run, text }) => {
    const name = lab.presetRunName(preset.runs.find(({ key }) => key === run));
    return text ? `${name} ${text}` : name;
  };
  const said = ([key, value]) => [key, Array.isArray(value) ? value.map(spoken).join(" · ") : value];
  return Object.fromEntries(Object.entries(details).map(said));
};

lab.presetTitle = (key) => lab.nameOf(`train_preset_${key}_title`, key);

lab.createTrainPresets = function (root, server) {
  const section = root.querySelector(".lab-train-presets");
  const find = (name) => section.querySelector(`[data-testid=${name}]`);
  let presets = []; // as the server's table has them
  let chosen = null;
  let answer = null; // the guess, a key
  let seconds; // that the chosen one takes: null while measured
  let loading = null; // the question for the table
  const player = lab.createPresetPlayer((request) => server.judge_preset(request));

  // The last play of the chosen experiment, null where it has not been played.
  const playOf = () => (chosen && player.now()?.preset === chosen ? player.now() : null);
  const isPlaying = () => Boolean(player.now()?.isOn);

  function load() {
    if (section.offsetParent) loading ??= fetchTable();
    return loading;
  }

  async function fetchTable() {
    const reply = await lab.patiently(server.train_presets({}));
    if (reply.error) {
      loading = null;
      lab.setWord(find("preset-list"), reply.error);
    } else {
      presets = reply.presets;
      find("preset-list").replaceChildren(...presets.map((preset) => chip(preset)));
      render();
    }
    return reply;
  }

  // Plays an experiment at once; gives what stops it and takes its runs away, or {error, details}.
  lab.playExperiment = async function (key) {
    const { error, details } = (await load()) ?? {};
    if (error || isPlaying()) return { error: error ?? "train_busy", details };
    const preset = presets.find((each) => each.key === key);
    if (chosen !== preset) choose(preset);
    const playing = player.begin(preset, null);
    const play = player.now();
    render();
    lab.bringIntoView(section);
    return { undo: () => takeBack(play, playing) };
  };

  async function takeBack(play, playing) {
    if (player.now() === play) player.stop();
    await playing;
    lab.removeRuns(play.runs);
    if (chosen === play.preset && !isPlaying()) choose(chosen);
  }

  function choose(preset) {
    if (isPlaying() && preset !== player.now().preset) return;
    chosen = preset === chosen && !isPlaying() ? null : preset;
    answer = playOf()?.answer ?? null;
    if (chosen) lay();
    render();
  }

  // What belongs to the chosen experiment, and stays as it is until another is chosen.
  function lay() {
    find("preset-answers").replaceChildren(...chosen.answers.map(answerButton));
    find("preset-runs").replaceChildren(...chosen.runs.map(lab.createPresetRow));
    if (isPlaying()) return;
    lab.setRecipe({ ...chosen.runs[0].recipe, seed: lab.recipe?.seed ?? 0 });
    measure(chosen);
  }

  // The seconds that its runs take together, one estimate after another.
  async function measure(preset) {
    seconds = null;
    let total = 0;
    for (let at = 0; at < preset.runs.length && chosen === preset; ) {
      const { recipe } = preset.runs[at];
      const reply = await lab.patiently(server.check_recipe({ recipe }));
      if (reply.error) return;
      total += reply.seconds ?? 0;
      if (reply.seconds !== null) at += 1;
      else await new Promise((resolve) => setTimeout(resolve, lab.PRESET_COST_AGAIN));
    }
    if (chosen === preset) seconds = total;
    render();
  }

  function button(className, press) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = className;
    element.addEventListener("click", press);
    return element;
  }

  function chip(preset) {
    const element = button("lab-preset-chip", () => choose(preset));
    element.dataset.preset = preset.key;
    return element;
  }

  function answerButton(key) {
    const element = button("lab-button", () => {
      answer = answer === key ? null : key;
      render();
    });
    element.dataset.answer = key;
    return element;
  }

  function press() {
    if (isPlaying()) player.stop();
    else player.begin(chosen, answer);
  }

  // ---- What is seen -------------------------------------------------------------------------

  function renderChips() {
    for (const preset of presets) {
      const element = find("preset-list").querySelector(`[data-preset=${preset.key}]`);
      const isHeld = isPlaying() && preset !== player.now().preset;
      element.textContent = lab.presetTitle(preset.key);
      element.setAttribute("aria-pressed", String(preset === chosen));
      lab.hold(element, isHeld ? "train_preset_busy" : null);
    }
  }

  function renderQuestion() {
    const { recipe } = chosen.runs[0];
    const numbers = Object.entries(recipe).filter(([, value]) => typeof value === "number");
    const plain = numbers.map(([name, value]) => [name, lab.plainNumber(value)]);
    const details = Object.fromEntries(plain);
    const own = `train_preset_${chosen.key}_question`;
    const question = lab.hasWord(own) ? own : "train_preset_question";
    lab.setWord(find("preset-question"), question, details);
    for (const element of find("preset-answers").children) {
      const key = element.dataset.answer;
      element.textContent = lab.presetAnswerName(chosen, key);
      element.setAttribute("aria-pressed", String(key === answer));
      lab.hold(element, isPlaying() ? "train_preset_busy" : null);
    }
  }

  function renderRuns() {
    const rows = [...find("preset-runs").children];
    chosen.runs.forEach((each, at) => {
      lab.renderPresetRow(rows[at], lab.presetRunName(each), playOf()?.runs[at]);
    });
  }

  // Below the button: how far it is, or how long it takes.
  function progress(play) {
    const count = chosen.runs.length;
    if (play?.trouble) return lab.sayTrouble(play.trouble);
    if (play?.isOn) {
      const at = Math.min(play.at, count - 1);
      const name = lab.presetRunName(chosen.runs[at]);
      return lab.say("train_preset_at", { at: at + 1, count, name });
    }
    if (seconds === undefined || isPlaying()) return "";
    return lab.say("train_preset_cost", { count, time: lab.costSaid(seconds) });
  }

  function verdict(play) {
    const count = chosen.runs.length;
    if (!play || play.isOn || play.trouble) return "";
    if (!play.verdict) {
      return lab.say("train_preset_stopped", { at: Math.min(play.at + 1, count), count });
    }
    const { sentence, details } = play.verdict;
    const said = lab.say(sentence, lab.presetDetails(chosen, details));
    return said.replaceAll(" %", "\u00a0%"); // a line never ends between a number and its unit
  }

  function guessed(play) {
    const right = play?.verdict?.right ?? null;
    if (right === null) return "";
    if (right) return lab.say("train_preset_right");
    const guess = lab.presetAnswerName(chosen, play.answer);
    return lab.say("train_preset_wrong", { guess });
  }

  function render() {
    renderChips();
    find("preset").hidden = !chosen;
    if (!chosen) return;
    const play = playOf();
    renderQuestion();
    renderRuns();
    lab.setWord(find("preset-run"), isPlaying() ? "train_preset_stop" : "train_preset_run");
    find("preset-progress").textContent = progress(play);
    find("preset-progress").classList.toggle("is-wrong", Boolean(play?.trouble));
    find("preset-sentence").textContent = verdict(play);
    find("preset-guessed").textContent = guessed(play);
    renderNext(play);
  }

  function renderNext(play) {
    const next = find("preset-next");
    next.classList.toggle("is-on", Boolean(play?.verdict));
    lab.setWord(next, "train_preset_next", { title: lab.presetTitle(chosen.then) });
  }

  find("preset-run").addEventListener("click", press);
  find("preset-next").addEventListener("click", () => {
    choose(presets.find(({ key }) => key === chosen.then));
  });
  new ResizeObserver(load).observe(section);
  player.onChange(render);
  lab.onLanguage(section, render);
};

// ---- A run of the experiment as a bar ---------------------------------------------------------

lab.createPresetRow = function () {
  const row = document.createElement("li");
  const [name, bar, figure] = ["span", "span", "b"].map((tag) => document.createElement(tag));
  bar.className = "lab-preset-bar";
  bar.append(document.createElement("i"));
  row.append(name, bar, figure);
  return row;
};

// `run` is undefined before it has begun.
lab.renderPresetRow = function (row, title, run) {
  const [name, bar, figure] = row.children;
  const share = run ? lab.presetTest(run) : null;
  name.textContent = title;
  row.style.setProperty("--colour", run?.colour ?? "");
  bar.firstElementChild.style.width = `${100 * (share ?? 0)}%`;
  figure.textContent = share === null ? "–" : lab.shareText(share);
};
