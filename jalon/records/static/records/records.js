// Index pages, record pages and property settings.
import { startBoard } from "./board.js";
import { startBulk } from "./bulk.js";
import { startColumns } from "./columns.js";
import { startFormula } from "./formula.js";
import { startHeadings } from "./headings.js";
import { startInline } from "./inline.js";
import { startOptions } from "./options.js";
import { startPipelines } from "./pipelines.js";
import { startRich } from "./rich.js";
import { startRows } from "./rows.js";
import { startTasks } from "./tasks.js";
import { startViews } from "./views.js";
import { startWidths } from "./widths.js";

const parts = [startBoard, startBulk, startColumns, startFormula, startHeadings, startInline, startOptions, startPipelines];
for (const start of [...parts, startRich, startRows, startTasks, startViews, startWidths]) start();
