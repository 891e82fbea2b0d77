// Sends the way-back form at once; without JavaScript the resident presses its button.
"use strict";
document.querySelector("form[data-at-once]")?.requestSubmit();
