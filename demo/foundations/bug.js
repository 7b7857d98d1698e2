// The chapter `bug`.
lab.startBugChapter = function (root, server) {
  lab.onLanguage(root);
};
