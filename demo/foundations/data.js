// The chapter `data`.
lab.startDataChapter = function (root, server) {
  lab.onLanguage(root);
};
