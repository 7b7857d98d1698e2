// The code for what the page just did, on the Draw tab.
lab.CODE_SETTINGS = ["model", "care", "centred"]; // of a reading; the script depends on no others

lab.startCode = function (element, server) {
  const root = element.querySelector(".lab-code");
  let request = null; // of the last reading; its settings stay when the sheet is cleared
  const view = lab.createCodeView(root, {
    name: "code",
    words: {
      gist: "code_gist",
      gistLines: "code_gist_lines",
      hint: "code_hint",
      blank: "code_blank",
      drawing: "code_drawing",
    },
    settings: () => Object.fromEntries(lab.CODE_SETTINGS.map((name) => [name, request?.[name]])),
    picture: () => lab.reading?.request ?? null,
    show: (asked) => server.show_code(asked),
    save: (asked) => server.save_file(asked),
  });
  lab.createPanel(root, {
    show(reading) {
      request = reading?.request ?? request;
      view.changed();
    },
    render: view.render,
    digits: true,
  });
};
