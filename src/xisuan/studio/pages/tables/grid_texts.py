"""Texts of the grid's own menus and filters, by the names under which the grid looks them up."""

from __future__ import annotations

from collections.abc import Mapping

from xisuan.text.translation import Message, in_context
from xisuan.text.translation import message as _

GRID_TEXTS: Mapping[str, Message] = {
    "noRowsToShow": _("No rows"),
    "filterOoo": _("Filter …"),
    "equals": in_context("filter", "Equals"),
    "notEqual": in_context("filter", "Does not equal"),
    "blank": in_context("filter", "Blank"),
    "notBlank": in_context("filter", "Not blank"),
    "empty": in_context("filter", "Choose one"),
    "lessThan": in_context("filter", "Less than"),
    "greaterThan": in_context("filter", "Greater than"),
    "lessThanOrEqual": in_context("filter", "At most"),
    "greaterThanOrEqual": in_context("filter", "At least"),
    "inRange": in_context("filter", "Between"),
    "inRangeStart": in_context("filter", "From"),
    "inRangeEnd": in_context("filter", "To"),
    "contains": in_context("filter", "Contains"),
    "notContains": in_context("filter", "Does not contain"),
    "startsWith": in_context("filter", "Begins with"),
    "endsWith": in_context("filter", "Ends with"),
    "andCondition": in_context("filter", "and"),
    "orCondition": in_context("filter", "or"),
    "applyFilter": in_context("filter", "Apply"),
    "resetFilter": in_context("filter", "Reset"),
    "clearFilter": in_context("filter", "Clear"),
    "ariaFilterInput": in_context("filter", "Value"),
    "ariaFilteringOperator": in_context("filter", "Condition"),
    "ariaFilterValue": in_context("filter", "Value"),
    "ariaFilterFromValue": in_context("filter", "From"),
    "ariaFilterToValue": in_context("filter", "To"),
    "ariaMenuColumn": in_context("filter", "Filter of the column"),
    "ariaRowSelect": _("Press the space bar to select this row"),
    "ariaRowDeselect": _("Press the space bar to deselect this row"),
    "ariaRowToggleSelection": _("Press the space bar to select or deselect this row"),
    "ariaRowSelectAll": _("Press the space bar to select or deselect all rows"),
    "ariaSortableColumn": _("Press Enter to sort"),
    "ariaFilterColumn": _("Press Ctrl and Enter to filter"),
}
"""Key of the grid → text."""
