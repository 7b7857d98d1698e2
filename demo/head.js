// The head of the page: its name, and what switches its language, its theme and its size.
const languages = element.querySelector(".lab-languages");
const themes = [...element.querySelectorAll("[data-theme]")];
const present = element.querySelector("[data-testid=present]");

const TABS_PATIENCE = 20; // times, half a second each
let tabsWait = 0;

// Whether a tab of the row bears the name of another language.
function tabsLag() {
  const names = new Set(Object.values(lab.tables[lab.language]));
  return lab.tabButtons().some((tab) => !names.has(tab.textContent.trim()));
}

// Gradio draws the names of the tabs; this event has them renamed. A tab that gradio is still
// building loses its new name, so they are looked at again.
function tellTabs(tries = TABS_PATIENCE) {
  clearTimeout(tabsWait);
  if (props.value !== lab.language || tabsLag()) {
    props.value = lab.language;
    trigger("language");
  }
  if (tries) tabsWait = setTimeout(() => tellTabs(tries - 1), 500);
}

function showLanguages() {
  for (const button of languages.children) {
    button.setAttribute("aria-pressed", String(button.lang === lab.language));
  }
}

for (const [language, table] of Object.entries(lab.tables)) {
  const button = document.createElement("button");
  button.type = "button";
  button.lang = language;
  button.textContent = table.language_name;
  button.addEventListener("click", () => lab.setLanguage(language));
  languages.append(button);
}

// What a button without a word does is told to those who point at it, too.
function showLook() {
  for (const button of themes) {
    button.setAttribute("aria-pressed", String(button.dataset.theme === lab.theme));
    button.title = button.ariaLabel;
  }
  present.setAttribute("aria-pressed", String(lab.isPresented));
  present.title = present.ariaLabel;
}

for (const button of themes) {
  button.addEventListener("click", () => (lab.setTheme(button.dataset.theme), showLook()));
}

function presentIt(isPresented) {
  lab.setPresented(isPresented);
  showLook();
}

present.addEventListener("click", () => presentIt(!lab.isPresented));
const keys = { Escape: () => lab.isPresented && presentIt(false) };
document.addEventListener("keydown", ({ key, defaultPrevented }) => {
  if (!defaultPrevented) keys[key]?.();
});

// Past the head and the row of tabs, to what stands in the one that is open.
element.querySelector(".lab-skip").addEventListener("click", (event) => {
  event.preventDefault();
  const contents = [...document.querySelectorAll(".lab-tabs [role=tabpanel]")];
  const open = contents.find((content) => content.offsetParent);
  open.tabIndex = -1;
  open.focus();
});

lab.onLanguage(element, () => {
  showLanguages();
  showLook();
  tellTabs();
});
