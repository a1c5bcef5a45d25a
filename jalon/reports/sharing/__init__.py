"""Who sees a report, and who may edit it; and which ones somebody wants at hand."""
