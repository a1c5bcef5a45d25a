"""Who uses this deployment: the account's settings, users, teams, invitations, and what each may see and do."""
