// The code for what the page just did, on the Denoise tab.
lab.CLEANING_SETTINGS = ["noise", "level", "seed", "cleaner"]; // the script depends on no others

lab.startCleanCode = function (element, server) {
  const root = element.querySelector(".lab-code");
  let cleaning = null;
  const view = lab.createCodeView(root, {
    name: "clean-code",
    words: {
      gist: "clean_code_gist",
      gistLines: "clean_code_gist_lines",
      hint: "clean_code_hint",
      blank: "clean_code_blank",
      drawing: "clean_code_drawing",
    },
    settings: () =>
      cleaning?.noise
        ? Object.fromEntries(lab.CLEANING_SETTINGS.map((name) => [name, cleaning[name]]))
        : null,
    picture: () => (cleaning?.digit ? { digit: cleaning.digit } : null),
    show: (asked) => server.show_clean_code(asked),
    save: (asked) => server.save_clean_file(asked),
  });
  lab.onLanguage(root, view.render);
  lab.onCleaning((told) => {
    cleaning = told;
    view.changed();
  });
};
