// The code for what the page just did: shown while the panel is open, and taken home as files.
lab.SAVING_PATIENCE = 120000; // ms; the largest ZIP has 10 MB, and a phone's line may be slow
lab.CODE_SETTINGS = ["model", "care", "centred"]; // of a reading; the script depends on no others

lab.startCode = function (element, server) {
  const root = element.querySelector("[data-testid=code]");
  const find = (name) => root.querySelector(`[data-testid=code-${name}]`);
  const box = root.querySelector(".lab-code-box");
  const notice = root.querySelector(".lab-notice");
  const gist = root.querySelector(".lab-gist");
  const saved = { zip: true, script: false, notebook: false, drawing: true }; // needs a drawing?
  let request = null; // of the last reading; its settings stay when the sheet is cleared
  let asked = null; // the settings of the script that is shown, or on its way
  let shown = null; // {script, lines, size}
  let told = {}; // {key, details, isWrong} of the line above the script
  let busy = false;

  function settings() {
    const entries = lab.CODE_SETTINGS.map((name) => [name, request?.[name]]);
    return { ...Object.fromEntries(entries), language: lab.language };
  }

  // One request under way; what was overtaken meanwhile is asked for again.
  async function update() {
    if (busy) return;
    busy = true;
    while (root.open && JSON.stringify(settings()) !== asked) {
      asked = JSON.stringify(settings());
      const timer = setTimeout(() => box.classList.add("is-waiting"), 400);
      const reply = await lab.patiently(server.show_code(settings()));
      clearTimeout(timer);
      box.classList.remove("is-waiting");
      if (reply.error) {
        tell(reply.error, reply.details, true);
        asked = null; // the next reading tries again
        break;
      }
      showCode(reply);
    }
    busy = false;
  }

  function showCode(reply) {
    shown = reply;
    const numbers = Array.from({ length: reply.lines }, (_, at) => at + 1);
    root.querySelector(".lab-code-numbers").textContent = numbers.join("\n");
    lab.paintCode(find("text"), reply.script);
    if (told.isWrong) told = {};
    render();
  }

  function tell(key, details = {}, isWrong = false) {
    told = { key, details, isWrong };
    renderNotice();
  }

  function renderNotice() {
    const key = told.key ?? (lab.reading ? "code_hint" : "code_blank");
    lab.setWord(notice, key, told.details);
    notice.classList.toggle("is-wrong", Boolean(told.isWrong));
  }

  function render() {
    lab.setWord(gist, shown ? "code_gist_lines" : "code_gist", { lines: shown?.lines });
    lab.setWord(find("zip"), "code_zip", { size: shown?.size.toFixed(1) });
    for (const [file, needsDrawing] of Object.entries(saved)) {
      find(file).disabled = !shown || (needsDrawing && !lab.reading);
    }
    find("copy").disabled = !shown;
    renderNotice();
    update();
  }

  async function copy() {
    const isCopied = await lab.copyText(shown.script, find("text"));
    tell(isCopied ? "code_copied" : "code_selected");
  }

  async function save(file) {
    const button = find(file);
    button.disabled = true;
    const wish = server.save_file({ ...lab.reading?.request, ...settings(), file });
    const reply = await lab.patiently(wish, lab.SAVING_PATIENCE);
    if (reply.error) tell(reply.error, reply.details, true);
    else {
      await lab.saveFile(reply.name, reply.content);
      tell("code_saved", { file: reply.name });
    }
    render();
  }

  find("copy").addEventListener("click", copy);
  for (const file of Object.keys(saved)) find(file).addEventListener("click", () => save(file));
  lab.createPanel(root, {
    show(reading) {
      request = reading?.request ?? request;
      told = {};
      render();
    },
    render,
  });
  root.addEventListener("toggle", update); // the language may have changed while it was closed
};

// Python with comments, strings and keywords in colours of their own.
lab.PYTHON = new RegExp(
  [
    String.raw`(?<string>f?"""[^]*?"""|f?"(?:[^"\\\n]|\\.)*")`,
    String.raw`(?<comment>#.*)`,
    String.raw`\b(?<keyword>import|from|as|class|def|return|with|for|in|if|else|not|and|or)\b`,
  ].join("|"),
  "g",
);

lab.paintCode = function (place, code) {
  let end = 0;
  place.replaceChildren();
  for (const found of code.matchAll(lab.PYTHON)) {
    const kind = Object.keys(found.groups).find((name) => found.groups[name]);
    const mark = document.createElement("span");
    mark.className = `lab-code-${kind}`;
    mark.textContent = found[0];
    place.append(code.slice(end, found.index), mark);
    end = found.index + found[0].length;
  }
  place.append(code.slice(end));
};

// Whether a text is on the clipboard; where the browser keeps it off, `place` is selected.
lab.copyText = async function (text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(place);
    return document.execCommand("copy"); // for pages that don't come over https
  }
};

// Hands a file, its content in base64, to the browser's downloads.
lab.saveFile = async function (name, content) {
  const file = await fetch(`data:application/octet-stream;base64,${content}`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await file.blob());
  link.download = name;
  link.click();
  setTimeout(URL.revokeObjectURL, 60000, link.href); // ms; a phone asks first where to put it
};
