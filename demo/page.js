// What all parts of the page share: the words in the visitor's language, and numbers as text.
window.lab = { ...window.lab, listeners: new Set(), hearers: new Set(), reading: null };

// `?lang=zh` in the address wins, then the browser's own list; English where neither is known.
lab.chooseLanguage = function () {
  const asked = new URLSearchParams(location.search).get("lang");
  for (const wish of [asked, ...navigator.languages]) {
    const primary = (wish || "").toLowerCase().split("-")[0];
    if (primary in lab.tables) return primary;
  }
  return Object.keys(lab.tables)[0];
};

// The sentence behind a key with its {gaps} filled, as demo/words/__init__.py does it.
lab.say = function (key, details = {}) {
  const table = lab.tables[lab.language];
  const sentence = table[key] ?? lab.missing(table);
  return sentence.replace(/\{(\w+)\}/g, (_, name) => details[name] ?? "–");
};

// Nothing yet where most words are still to come, and all is said again then.
lab.missing = function (table) {
  if (!lab.mostWordsMissing) return table.something_wrong;
  lab.need("kit").catch(() => {}); // asked for again with the next word
  return "";
};

// Writes every word below an element that names its key in data-word or data-word-label.
lab.translate = function (root) {
  for (const place of root.querySelectorAll("[data-word]")) {
    place.textContent = lab.say(place.dataset.word);
  }
  for (const place of root.querySelectorAll("[data-word-label]")) {
    place.setAttribute("aria-label", lab.say(place.dataset.wordLabel));
  }
};

// What stays the same isn't written again: a screen reader would say it twice.
lab.setWord = function (place, key, details = {}) {
  const words = key ? lab.say(key, details) : "";
  if (place.textContent !== words) place.textContent = words;
};

// Translates a part of the page now and after every change of language, then calls `render`
// for the words that depend on what is shown.
lab.onLanguage = function (root, render = () => {}) {
  lab.language ??= lab.chooseLanguage();
  const listener = () => {
    lab.translate(root);
    render();
  };
  lab.listeners.add({ root, listener });
  lab.markDocument();
  listener();
};

// Changes the language of the open page; nothing but its words changes.
lab.setLanguage = function (language) {
  lab.language = language;
  const address = new URL(location.href);
  address.searchParams.set("lang", language);
  history.replaceState(history.state, "", address);
  lab.tellLanguage();
};

// Has everything said anew.
lab.tellLanguage = function () {
  lab.markDocument();
  for (const entry of lab.listeners) {
    if (entry.root.isConnected) entry.listener();
    else lab.listeners.delete(entry);
  }
};

// Calls `listener` with {request, reply} for the answer on the page and each one that follows it,
// with null for a blank sheet.
lab.onReading = function (listener) {
  lab.hearers.add(listener);
  listener(lab.reading);
};

lab.tellReading = function (reading) {
  lab.reading = reading;
  lab.hearers.forEach((listener) => listener(reading));
};

// Says why something can't be used: when it is pointed at, reached by keyboard or pressed in vain.
// `key` names the words of the reason, null where it can be used.
lab.hold = function (control, key, details) {
  const isButton = control.tagName === "BUTTON"; // which stays in reach of the keyboard
  if (isButton) control.setAttribute("aria-disabled", String(Boolean(key)));
  else control.disabled = Boolean(key);
  control.toggleAttribute("data-held", Boolean(key));
  control.title = key ? lab.say(key, details) : "";
};

// The reason below what was pressed in vain, above it at the window's end.
lab.HELD_GAP = 6; // px
lab.tellHeld = function (control) {
  if (!lab.held) {
    lab.held = Object.assign(document.createElement("p"), { className: "lab-held" });
    lab.held.setAttribute("role", "status");
    document.body.append(lab.held);
  }
  lab.held.hidden = !control;
  lab.held.textContent = control?.title ?? "";
  if (!control) return;
  const { left, top, bottom } = lab.boxOf(control);
  const { offsetWidth: width, offsetHeight: height } = lab.held;
  const [right, end] = [document.documentElement.clientWidth, innerHeight].map((px) => px / lab.zoom);
  const x = Math.max(Math.min(left, right - width), 0);
  const y = bottom + lab.HELD_GAP + height > end ? top - lab.HELD_GAP - height : bottom + lab.HELD_GAP;
  lab.held.style.translate = `${x + scrollX / lab.zoom}px ${y + scrollY / lab.zoom}px`;
};

lab.holdBack = function (event) {
  const control = event.target.closest?.("button[data-held]");
  if (control || lab.held) lab.tellHeld(control);
  if (control) event.stopImmediatePropagation();
};
document.addEventListener("click", lab.holdBack, true);
document.addEventListener("focusout", () => lab.held && lab.tellHeld(null));

// The buttons of the tabs; those that have no room in the row lie in gradio's menu beside it. The
// row's hidden double, by which it measures, takes no clicks.
lab.tabButtons = function () {
  const row = [...document.querySelectorAll(".lab-tabs > :first-child button")];
  return row.filter((tab) => tab.textContent.trim() && !tab.closest("[aria-hidden=true]"));
};

lab.markDocument = function () {
  document.documentElement.lang = lab.say("language_code");
  document.title = lab.say("lab_name");
};

// 0.962 -> "96.2". Never "100.0" for less than all: a network is not that sure.
lab.percent = function (fraction, decimals) {
  const most = 100 - 10 ** -decimals;
  const rounded = fraction < 1 ? Math.min(100 * fraction, most) : 100;
  return rounded.toFixed(decimals);
};

lab.toBytes = function (text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
};

lab.toText = function (bytes) {
  let text = "";
  const most = 0x8000; // arguments in one call
  for (let at = 0; at < bytes.length; at += most) {
    text += String.fromCharCode(...bytes.subarray(at, at + most));
  }
  return btoa(text);
};
