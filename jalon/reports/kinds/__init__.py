"""One file per kind of report. Pure: no Django, no clock (`today` is an argument), no engine (rows come through a function)."""
