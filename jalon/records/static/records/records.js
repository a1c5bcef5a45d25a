// Index pages, record pages and property settings.
import { startColumns } from "./columns.js";
import { startInline } from "./inline.js";
import { startOptions } from "./options.js";
import { startRows } from "./rows.js";
import { startWidths } from "./widths.js";

for (const start of [startColumns, startInline, startOptions, startRows, startWidths]) start();
