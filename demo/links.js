// What opens a tab by itself: a link, a reload, a button in another tab.
lab.RUN_KEPT = "lab.training"; // where a reload finds the run that is under way

// Switches to another tab of the page by the key of its name.
lab.openTab = function (key) {
  const names = Object.values(lab.tables).map((table) => table[key]);
  lab.tabButtons().find((tab) => names.includes(tab.textContent.trim()))?.click();
};

// Opens a tab as soon as the page has it, and until what stands in it is there: gradio lays a tab
// out when it is first opened.
lab.openTabOnce = function (key, inside) {
  const timer = setInterval(() => {
    if (document.querySelector(inside)) return clearInterval(timer);
    lab.openTab(key);
  }, 100); // ms
};

// A run that goes on needs to be followed at once.
lab.runGoesOn = function () {
  try {
    return Boolean(sessionStorage.getItem(lab.RUN_KEPT));
  } catch {
    return false; // nothing was kept
  }
};

lab.openTabByLink = function () {
  const asked = new URLSearchParams(location.search);
  const isTrain = asked.get("tab") === "train" || asked.has("recipe");
  if (isTrain || lab.runGoesOn()) lab.openTabOnce("tab_train", ".lab-train");
  else if (asked.get("tab") === "transfer") lab.openTabOnce("tab_transfer", "[data-testid=transfer-parts]");
};
lab.openTabByLink();
