"""The frame of every page: rail, top bar, tables, forms, theme, languages and the policy that keeps scripts ours."""
