import { startColumns } from "../records/columns.js";

startColumns();
