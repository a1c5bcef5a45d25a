"""The criteria editor as a form: criteria become boxes to type in, and what was typed becomes criteria.

    criteria -> entries -> boxes -> (templates, browser) -> posted fields -> entries -> criteria

An entry is one filter as the form holds it. Each has a key, the way to it from the outside in: "1.0.2" is the third filter
inside the first one of the second group. Its parts are named after it ("operator:1.0.2"), and hidden fields named `filter`
list the keys in the order of the page. So filters come and go in the browser without anything being renumbered.
"""
