// The chapter `ladder`.
lab.startLadderChapter = function (root, server) {
  lab.onLanguage(root);
};
