// Times, for each stroke, from pen-up until the answer that the page asked for after it is shown.
// `place` is where the page answers, `label` the answer's words in it; `asks` stands in the address
// or the body of a request that asks.
(({ place, label, asks }) => {
  let before; // the words when the pen went down
  let up = null; // when it went up
  let hasAsked = false; // whether the page has asked since then
  let shown = []; // the words after each change of the place since the page has asked

  const words = () => document.querySelector(label)?.textContent ?? "";

  function begin() {
    before = words();
    up = null;
  }

  function end(event) {
    up = event.timeStamp;
    hasAsked = false;
    shown = [];
  }

  window.addEventListener("pointerdown", begin, true);
  window.addEventListener("pointerup", end, true);

  const send = window.fetch;
  window.fetch = (address, options) => {
    if (up !== null && `${address?.url ?? address} ${options?.body}`.includes(asks)) hasAsked = true;
    return send(address, options);
  };

  new MutationObserver(() => {
    if (hasAsked) shown.push({ moment: performance.now(), words: words() });
  }).observe(document.querySelector(place), {
    childList: true,
    characterData: true,
    subtree: true,
  });

  // Milliseconds until the words stood there that stayed; null until they have stayed for `quiet`.
  window.settled = (quiet) => {
    const last = shown.at(-1);
    const isNew = last && last.words !== before;
    if (!isNew || performance.now() - last.moment < quiet) return null;
    return shown.find((change) => change.words === last.words).moment - up;
  };
})
