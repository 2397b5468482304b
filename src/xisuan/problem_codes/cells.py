"""Problems of cells, columns and references of tables: code → what is wrong, and what to do."""

from xisuan.problem_codes.sources import Sources

SOURCES: Sources = {
    "column-converted": ("in another unit than the format", "it is read as {meant}: × {factor:g}"),
    "column-in-two-units": ("says the same as {other}", "keep one of the two columns"),
    "price-by-parts": (
        "read as a contract price of {contract:.4g} CNY/kWh",
        (
            "check its parts: energy {energy:.4g} and levies {levies:.4g}; the demand charge comes on top, {charge:.4g} "
            "at a load of {load:g} %"
        ),
    ),
    "levies-alone": ("levies without a price", "give all_in_price_cny_per_kwh or energy_price_cny_per_kwh too"),
    "all-in-below-parts": (
        "below demand charge ({charge:.4g} CNY/kWh) and levies ({levies:.4g}), which it contains",
        "correct one of them",
    ),
    "all-in-not-sum": ("the parts add up to {total:.4g} CNY/kWh", "correct one of them, or leave the all-in price out"),
    "hour-column-missing": ("the column is missing", "number the hours from 0 to 8759"),
    "profile-length": (
        "has {count:,} rows, and a profile has {wanted:,}",
        "give one row for each hour of a year without 29 February",
    ),
    "spans-unreadable": (
        "not numbers and ranges",
        "give those from {low} to {high}, such as {example};{between}-{end}",
    ),
    "spans-out-of-range": ("beyond {low} to {high}", "give numbers from {low} to {high}"),
    "profile-hours-missing": ("{count:,} hours have no value", "put a row for all months, days and hours first"),
    "profile-name-invalid": ("not a name for a profile", "give the profile a short name that is no number"),
    "hour-repeated": ("the hour is there twice", "give each of 0 to 8759 once"),
    "table-missing": ("is missing or has no rows, and rows of {tables} refer to it", "give it"),
    "reference-unknown": ("not in {tables}", "{hint}"),
    "not-finite": ("not finite", "leave the cell empty where there is no value or no limit"),
    "number-too-large": ("too large a number (above {most:g})", "check its unit, or leave it empty for no limit"),
    "number-with-separators": ("the number has separators", "write it without them: {number}"),
    "number-missing": ("not a number", "leave the cell empty where there is no value"),
    "number-full-width": ("not a number, because it has full-width signs", "type {number}"),
    "flag-invalid": ("neither yes nor no", "give yes or no"),
    "not-text": ("not text", "give text"),
    "text-too-long": ("longer than {most} characters", "shorten it"),
    "cell-with-control-characters": ("holds control characters or line breaks", "remove them"),
    "half-character": ("holds half of a character", "mend the text"),
    "choice-invalid": ("not a value of this column", "give {choices}"),
    "column-unknown": ("no such column", "{hint}"),
    "number-unreadable": ("too large a number", "leave the cell empty where there is no limit"),
    "table-unreadable": (
        "more than {most:,} cells cannot be read, so that the rest of the table was not checked",
        "save the table again, or give the table that the file is named for",
    ),
    "value-below-minimum": ("below {bound:g}", "give {wanted}; the column says: {meaning}"),
    "value-not-above-minimum": ("not above {bound:g}", "give {wanted}; the column says: {meaning}"),
    "value-above-maximum": ("above {bound:g}", "give {wanted}; the column says: {meaning}"),
    "latitude-above-maximum": ("above {bound:g}", "give {wanted}, or swap lat and lon if they are swapped"),
    "cell-blank": ("blank", "give it: {wanted}"),
    "column-missing": ("the column is missing", "add it, with a value in every row: {wanted}"),
    "percentage-for-fraction": ("a percentage", "write a fraction: 12 % is 0.12"),
    "percentage-for-ratio": ("a percentage", "write a ratio: 120 % is 1.2"),
    "percentage-sign": ("has the sign %", "write the number without the sign %"),
    "percentage-for-amount": ("the column takes no percentage", "give a number in {unit}"),
    "percentage-sign-unclear": (
        "has the sign %",
        "write the number without the sign %; where a fraction is asked for, 12 % is 0.12",
    ),
    "not-a-year": ("not a year", "give a year such as 2026"),
    "not-a-number": ("not a number", "give a number"),
    "not-a-number-in-unit": ("not a number", "write the number alone, in {unit}"),
    "not-a-whole-number": ("not a whole number", "give a whole number"),
    "profile-unknown": ("no such profile", "give one of profiles or profile_rules{hint}"),
    "profile-or-number-unknown": ("no such profile", "give one of profiles or profile_rules or a number{hint}"),
    "profile-below-minimum": (
        "the least value of the profile is {found:g}, below {bound:g}",
        "give {wanted}; the column says: {meaning}",
    ),
    "profile-not-above-minimum": (
        "the least value of the profile is {found:g}, not above {bound:g}",
        "give {wanted}; the column says: {meaning}",
    ),
    "profile-above-maximum": (
        "the largest value of the profile is {found:g}, above {bound:g}",
        "give {wanted}; the column says: {meaning}",
    ),
}
