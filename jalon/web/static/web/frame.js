// The behaviour of the frame, one small module for each part.
import { startCaptions } from "./captions.js";
import { startDrawer } from "./drawer.js";
import { startForms } from "./forms.js";
import { startMenus } from "./menus.js";
import { startPalette } from "./palette.js";
import { startRail } from "./rail.js";
import { startTables } from "./tables.js";
import { startToasts } from "./toasts.js";

for (const start of [startRail, startMenus, startPalette, startDrawer, startForms, startTables, startToasts, startCaptions]) start();
