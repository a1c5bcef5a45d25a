"""Folders that saved things lie in, wherever there are many: lists, reports. One way of folders in the whole product."""
