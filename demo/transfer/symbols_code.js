// The code for what was taught: a script, and with it the drawings and the teacher's weights.
lab.createSymbolCode = function (root, server, { set, head, pixels }) {
  const panel = root.querySelector(".lab-code");
  const view = lab.createCodeView(panel, {
    name: "symbols-code",
    words: {
      title: "idea_code_title",
      gist: "idea_code_gist",
      gistLines: "idea_code_gist_lines",
      hint: "symbols_code_hint",
      blank: "symbols_code_blank",
    },
    settings: () => ({ head: head() }),
    picture,
    show: (asked) => server.show_symbols_code(asked),
    save: (asked) => server.save_symbols_file(asked),
  });

  // What goes along: the set once it can be taught, and what is on the sheet.
  function picture() {
    const symbols = set.all();
    if (lab.symbolsMissing(symbols)) return null;
    const ink = pixels();
    return { ...lab.symbolsRequest(symbols), ...(ink && { kind: "ink", ...ink }) };
  }

  lab.onLanguage(panel, view.render);
  return view;
};
