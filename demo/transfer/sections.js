// The Transfer tab has three sections in one place, and a switch between them.
lab.transferPart = null; // the key of the section that is shown
lab.transferKeys = [];
lab.transferHearers = new Set();

lab.showTransferPart = function (key) {
  if (!lab.transferKeys.includes(key)) return;
  lab.transferPart = key;
  const address = new URL(location.href);
  address.searchParams.set("tab", "transfer");
  address.searchParams.set("part", key);
  history.replaceState(history.state, "", address);
  lab.transferHearers.forEach((listener) => listener());
};

lab.startTransferParts = function (element, keys) {
  const group = element.firstElementChild;
  const asked = new URLSearchParams(location.search).get("part");
  lab.transferKeys = keys;
  lab.transferPart ??= keys.includes(asked) ? asked : keys[0];
  for (const key of keys) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.testid = `transfer-part-${key}`;
    button.dataset.word = `transfer_part_${key}`;
    button.dataset.part = key;
    button.addEventListener("click", () => lab.showTransferPart(key));
    group.append(button);
  }

  function render() {
    for (const button of group.children) {
      button.setAttribute("aria-pressed", String(button.dataset.part === lab.transferPart));
    }
  }
  lab.transferHearers.add(render);
  lab.onLanguage(element, render);
};

// A section's script starts when it is shown for the first time: closed ones ask nothing.
lab.mountTransferPart = function (key, element, server) {
  const inner = element.closest(".lab-transfer-part");
  const block = inner.parentElement.closest(".lab-transfer-part") ?? inner; // gradio marks two
  const root = element.querySelector("[data-chapter]");
  const start = lab[`start${key[0].toUpperCase()}${key.slice(1)}Section`];
  let isStarted = false;

  function show() {
    block.classList.toggle("is-away", lab.transferPart !== key);
    if (isStarted || lab.transferPart !== key) return;
    isStarted = true;
    start(root, server);
  }
  lab.transferHearers.add(show);
  lab.onLanguage(root);
  show();
};
