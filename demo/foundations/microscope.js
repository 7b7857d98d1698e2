// The chapter `microscope`.
lab.startMicroscopeChapter = function (root, server) {
  lab.onLanguage(root);
};
