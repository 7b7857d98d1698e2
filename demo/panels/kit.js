// What several sections share: numbers and lists as text, places on the page, files, and leaving.
lab.RUN_COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"]; // Okabe, Ito
lab.SLIDER_STEPS = 20; // a tenfold

// What the tables have no words for goes by its own key.
lab.hasWord = (key) => key in lab.tables[lab.language];
lab.nameOf = (key, own) => (lab.hasWord(key) ? lab.say(key) : own);
lab.noiseName = (noise) => lab.nameOf(`noise_${noise}`, noise);

// ["a", "b", "c"] -> "a, b and c" in the page's language.
lab.listed = function (names) {
  return new Intl.ListFormat(lab.say("language_code"), { type: "conjunction" }).format(names);
};

// 9970 -> "9,970"
lab.wholeNumber = function (number) {
  return new Intl.NumberFormat(lab.say("language_code")).format(number);
};

// Says how far something long has got to those who hear the page: as it begins, at each tenth.
// The function that it gives takes a share of 1, null while nothing is under way.
lab.createTenths = function (root) {
  const spoken = document.createElement("p");
  spoken.className = "lab-unseen";
  spoken.setAttribute("role", "status");
  root.append(spoken);
  return (share) => {
    const tenth = share === null ? 10 : Math.floor(10 * share);
    if (tenth === 10) lab.setWord(spoken, null); // its end has words of its own
    else lab.setWord(spoken, tenth ? "told_tenth" : "told_begun", { percent: 10 * tenth });
  };
};

// Scrolls there if it is out of sight or nearly so.
lab.bringIntoView = function (place) {
  const { top } = place.getBoundingClientRect();
  if (top >= 0 && top < innerHeight / 2) return;
  place.scrollIntoView({ block: "start", behavior: lab.scrolling() });
};

// How: at once where the system asks for little motion.
lab.scrolling = function () {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
};

// Base64 to a file in the visitor's downloads.
lab.offerFile = function (text, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([lab.toBytes(text)], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // ms; the browser has begun by then
};

// The page is left while the training `key` runs. It may stand below a path of its host.
lab.tellLeaving = function (key) {
  const address = new URL(document.baseURI);
  address.pathname = `${address.pathname.replace(/\/$/, "")}/lab/leave`;
  navigator.sendBeacon(`${address.origin}${address.pathname}`, key);
};

// A picture is one to a screen reader once there is something to say of it.
lab.describe = function (picture, words) {
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", words);
};
