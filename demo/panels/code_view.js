// A panel that shows a script while it is open, and hands it to the browser as files.
lab.SAVING_PATIENCE = 120000; // ms; the largest ZIP has 10 MB, and a phone's line may be slow
lab.SAVING_LATE = 400; // ms after which it says that the file is being made
lab.CODE_FILES = { zip: true, script: false, notebook: false, drawing: true }; // needs a picture?

// `name` tells this panel from others; `words` are its keys for gist, hint, blank and drawing, where
// a drawing goes along, and for its title, where that is another one. `details()` fills the hint.
// `settings()` gives what the script depends on, null as long as nothing is known of it, and
// `picture()` what goes along with the files, null for a blank sheet. `show` and `save` ask.
lab.createCodeView = function (root, options) {
  const { name, words, settings, picture, show, save, details = () => ({}) } = options;
  const offered = Object.entries(lab.CODE_FILES);
  const files = offered.filter(([file]) => file !== "drawing" || words.drawing).filter(isThere);
  const find = (part) => root.querySelector(`[data-code=${part}]`);
  const box = root.querySelector(".lab-code-box");
  const notice = root.querySelector(".lab-notice");
  const gist = root.querySelector(".lab-gist");
  delete gist.dataset.word; // what it said before this script came
  let asked = null; // the settings of the script that is shown, or on its way
  let shown = null; // {script, lines, size}
  let told = {}; // {key, gaps, isWrong} of the line above the script
  let busy = false;

  function isThere([file]) {
    return Boolean(root.querySelector(`[data-code=${file}]`));
  }

  const wish = () => ({ ...settings(), language: lab.language });

  // One request under way; what was overtaken meanwhile is asked for again.
  async function update() {
    if (busy) return;
    busy = true;
    while (root.open && settings() && JSON.stringify(wish()) !== asked) {
      asked = JSON.stringify(wish());
      const timer = setTimeout(() => box.classList.add("is-waiting"), 400);
      const reply = await lab.patiently(show(wish()));
      clearTimeout(timer);
      box.classList.remove("is-waiting");
      if (reply.error) {
        tell(reply.error, reply.details, true);
        asked = null; // the next change tries again
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

  function tell(key, gaps = {}, isWrong = false) {
    told = { key, gaps, isWrong };
    renderNotice();
  }

  function renderNotice() {
    const key = told.key ?? (picture() ? words.hint : words.blank);
    lab.setWord(notice, key, told.gaps ?? details());
    notice.classList.toggle("is-wrong", Boolean(told.isWrong));
  }

  function render() {
    lab.setWord(gist, shown ? words.gistLines : words.gist, { lines: shown?.lines });
    if (find("zip")) lab.setWord(find("zip"), "code_zip", { size: shown?.size.toFixed(1) });
    if (words.drawing) lab.setWord(find("drawing"), words.drawing);
    for (const [file, needsPicture] of files) {
      const blank = needsPicture && !picture() ? words.blank : null;
      lab.hold(find(file), shown ? blank : "hold_busy");
    }
    lab.hold(find("copy"), shown ? null : "hold_busy");
    renderNotice();
    update();
  }

  async function copy() {
    const isCopied = await lab.copyText(shown.script, find("text"));
    tell(isCopied ? "code_copied" : "code_selected");
  }

  async function saveAs(file) {
    lab.hold(find(file), "hold_busy");
    const asking = save({ ...picture(), ...wish(), file });
    const timer = setTimeout(tell, lab.SAVING_LATE, "code_saving");
    const reply = await lab.patiently(asking, lab.SAVING_PATIENCE);
    clearTimeout(timer);
    if (reply.error) tell(reply.error, reply.details, true);
    else {
      await lab.saveFile(reply.name, reply.content);
      tell("code_saved", { file: reply.name });
    }
    render();
  }

  root.dataset.testid = name;
  if (words.title) root.querySelector("summary b").dataset.word = words.title;
  if (!words.drawing) find("drawing").remove();
  for (const place of root.querySelectorAll("[data-code]")) {
    place.dataset.testid = `${name}-${place.dataset.code}`;
  }
  find("copy").addEventListener("click", copy);
  for (const [file] of files) {
    find(file).addEventListener("click", () => saveAs(file));
  }
  root.addEventListener("toggle", update); // the language may have changed while it was closed
  return {
    render,
    changed() {
      told = {};
      render();
    },
  };
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
