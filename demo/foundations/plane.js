// The chapter `plane`.
lab.startPlaneChapter = function (root, server) {
  lab.onLanguage(root);
};
