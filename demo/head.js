// The head of the page: its name, and the language switch.
const languages = element.querySelector(".lab-languages");

// Gradio draws the names of the tabs; this event has them renamed.
function tellTabs() {
  if (props.value === lab.language) return;
  props.value = lab.language;
  trigger("language");
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

lab.onLanguage(element, () => {
  showLanguages();
  tellTabs();
});
