"""Formats the style sheets; with `--check` names those that are not formatted and changes nothing."""

import sys
from pathlib import Path

import cssbeautifier

SHEETS = Path(__file__).parents[1] / "shared/web/static/css"

options = cssbeautifier.default_options()
options.indent_size = 2
options.end_with_newline = True
options.newline_between_rules = False
options.selector_separator_newline = False
options.space_around_combinator = True

wrong = []
for sheet in sorted(SHEETS.glob("*.css")):
    text = sheet.read_text(encoding="utf-8")
    formatted = cssbeautifier.beautify(text, options)
    if formatted != text:
        wrong.append(sheet.name)
        if "--check" not in sys.argv:
            sheet.write_text(formatted, encoding="utf-8")
if wrong and "--check" in sys.argv:
    sys.exit(f"Not formatted: {', '.join(wrong)}. Run «make format».")
