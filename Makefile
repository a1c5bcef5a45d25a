# One command each; the recipe is the documentation.

.PHONY: check

check: ## lint, types, contracts
	ruff check .
	ruff format --check .
	lint-imports
	python checks/layout.py jalon
	mypy
