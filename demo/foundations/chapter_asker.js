// One request under way; the newest settings win, and what lies between them is dropped.

// `settings()` gives what is asked about, null as long as nothing can be; `ask` sends it, `show`
// gets the answer and the settings that it is of. After each, `data-pictures` counts up by one.
lab.createAsker = function (root, { ask, settings, show }) {
  const notice = root.querySelector(".lab-notice");
  let trouble = null; // {error, details}
  let newest = null;
  const reader = lab.createReader({
    current: () => (root.offsetParent === null ? null : settings()),
    ask: (asked) => {
      newest = asked;
      return ask(asked);
    },
    show: (reply) => {
      trouble = reply.error ? reply : null;
      say();
      if (trouble) return;
      latest = reply;
      show(reply, newest);
      lab.countPicture(root);
    },
    waiting: (late) => root.classList.toggle("is-waiting", late),
  });
  let latest = null;

  function say() {
    notice.textContent = trouble ? lab.sayTrouble(trouble) : "";
    notice.classList.toggle("is-wrong", Boolean(trouble));
  }
  lab.onLanguage(notice, say);
  return { want: reader.want, reply: () => latest };
};

// Says in the page that a chapter has drawn anew, for who waits for it.
lab.countPicture = function (root) {
  root.dataset.pictures = Number(root.dataset.pictures ?? 0) + 1;
};

// The chapter's code panel, by `settings()`; `changed()` tells it that they may be others. `words`:
// other keys than the usual ones.
lab.createIdeaCode = function (root, server, settings, words = {}) {
  const { chapter } = root.dataset;
  const panel = root.querySelector(".lab-code");
  // where files go along with the script, the section's markup says so
  panel.querySelector("[data-code=zip]").hidden = !("along" in root.dataset);
  const asking = (asked) => ({ chapter, settings: settings(), language: asked.language });
  const view = lab.createCodeView(panel, {
    name: `${chapter}-code`,
    words: {
      title: "idea_code_title",
      gist: "idea_code_gist",
      gistLines: "idea_code_gist_lines",
      hint: "idea_code_hint",
      ...words,
    },
    settings: () => (settings() ? { asked: JSON.stringify(settings()) } : null),
    picture: () => ({}),
    show: (asked) => server.show_idea_code(asking(asked)),
    save: (asked) => server.save_idea_file({ ...asking(asked), file: asked.file }),
  });
  lab.onLanguage(panel, view.render);
  return view;
};
