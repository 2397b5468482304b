"""Names of the units of the tables."""

from __future__ import annotations

from xisuan.text.translation import in_context, unfilled
from xisuan.text.translation import message as _

INDICATOR_UNITS = {
    "%": _("%"),
    "per 10,000": _("per 10,000"),
}
"""Units of indicators of gigabit cities."""

AMOUNTS = {
    "modules": _("modules"),
    "units": in_context("amount_unit", "units"),
    "unit": _("unit"),
    "rack": _("racks"),
}
"""Units of what is built."""

MEASURE_UNITS = {
    "ports": _("ports"),
    "stations": _("stations"),
    "places": _("places"),
    "users": _("users"),
    "homes": _("homes"),
}
"""Units of measures for gigabit cities."""

SWEEP_UNITS = {
    "MW": _("MW of IT"),
    "%": _("%"),
    "cities": in_context("sweep_unit", "cities"),
}
"""Units of figures of a sweep."""

FIGURE_UNITS = {
    "CNY": _("CNY"),
    "CNY a year": _("CNY a year"),
    "CNY per kW and month": _("CNY per kW and month"),
    "CNY per kWh": _("CNY/kWh"),
    "EFLOPS": _("EFLOPS"),
    "EFLOPS FP32": _("EFLOPS FP32"),
    "Gbps": _("Gbps"),
    "MW": _("MW"),
    "MW of IT": _("MW of IT"),
    "MWh": _("MWh"),
    "crew-days": _("crew-days"),
    "crew-days a year": _("crew-days a year"),
    "degrees": _("degrees"),
    "fraction": _("%"),
    "fraction a year": _("% a year"),
    "homes": _("homes"),
    "hours": _("hours"),
    "households": _("households"),
    "kW": _("kW"),
    "kg per kWh": _("kg per kWh"),
    "km": _("km"),
    "km²": _("km²"),
    "litres per kWh of IT": _("litres per kWh of IT"),
    "mCNY": in_context("column_unit", "million CNY"),
    "mCNY per Gbps": _("million CNY per Gbps"),
    "mCNY per Gbps and hour": _("million CNY per Gbps and hour"),
    "mCNY per MW": _("million CNY per MW"),
    "mCNY per MW and year": _("million CNY per MW and year"),
    "mCNY per MWh": _("million CNY per MWh"),
    "mCNY/km": _("million CNY/km"),
    "ms": _("ms"),
    "persons": _("persons"),
    "places": _("places"),
    "points": _("percentage points"),
    "ports": _("ports"),
    "stations": _("stations"),
    "users": _("users"),
    "years": _("years"),
    "%": _("%"),
}
"""Units of columns of the scenario."""

UNITS_OF_EQUIPMENT = {
    "Gbps per unit": unfilled("Gbps per {unit}"),
    "mCNY per unit": unfilled("million CNY per {unit}"),
    "mCNY per unit and hour": unfilled("million CNY per {unit} and hour"),
    "mCNY per unit and year": unfilled("million CNY per {unit} and year"),
    "t CO2 per unit": unfilled("t CO₂ per {unit}"),
    "units": unfilled("{unit}"),
    "units a year": unfilled("{unit} a year"),
}
"""Units of columns of equipment that is counted in units of its own."""
