"""Upper bounds of the work that survives contingencies, and what it needs of equipment, links and own power.

The bounds follow from the rows, except for flows in cycles and grid power above the need. Some optimal plan has neither.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xisuan.certificate.constraints.power import idle_and_busy, pue
from xisuan.certificate.proof.usage_bounds import times
from xisuan.certificate.reading.calendar import Array
from xisuan.certificate.reading.failures import PlanColumns
from xisuan.certificate.reading.variables import Label, no_nan


class RecourseBounds:
    """Bounds of recourse: `most[name]` has the shape of the family."""

    def __init__(self, columns: PlanColumns) -> None:
        self.columns, self.reading = columns, columns.reading
        self.most: dict[str, Array] = {}
        shape = columns.reading.clock.shape
        reach: dict[Label, Array] = {}
        total: dict[Label, Array] = {}
        for one in columns.failures:
            for region, w in (key for key in self.reading.units if key[1] in one.survives):
                asked = one.demand(self.reading, region, w)
                total[one.name, w] = total.get((one.name, w), np.zeros(shape)) + asked
        serve = []
        for way in columns.ways:
            asked = way.failure.demand(self.reading, way.region, way.workload) * way.allowed[:, None]
            serve.append(asked)
        pairs: dict[Label, Array] = {}
        for way, asked in zip(columns.ways, serve, strict=True):
            key = way.failure.name, way.region, way.site, way.workload
            pairs[key] = np.maximum(pairs.get(key, np.zeros(shape)), asked)
        for (k, _, site, w), asked in pairs.items():
            self._reaches(reach, (k, site, w), asked)
        absorbed = columns["recourse_absorb"].labels
        for k, site, w in absorbed:
            self._reaches(reach, (k, site, w), total[k, w])
        load = [self._arriving(reach, label) for label in columns["recourse_load"].labels]
        flow = [total[k, w] for k, w, *_ in columns["recourse_flow"].labels]
        absorb = [total[k, w] for k, _, w in absorbed]
        for name, found in (("serve", serve), ("absorb", absorb), ("flow", flow), ("load", load)):
            self.most[f"recourse_{name}"] = np.stack(found, axis=-1) if found else np.zeros((*shape, 0))

    def _reaches(self, reach: dict[Label, Array], label: Label, asked: Array) -> None:
        """Add work that may reach a site to the class or technology that it names."""
        k, site, w = label
        place = k, site, self.reading.runs_on(w)[0]
        reach[place] = reach.get(place, np.zeros(asked.shape)) + asked

    def _arriving(self, reach: Mapping[Label, Array], label: Label) -> Array:
        """Return the work that a technology may run: that of its own name and of its class. Shape (P, H)."""
        k, site, g = label
        none = np.zeros(self.reading.clock.shape)
        return reach.get((k, site, g), none) + reach.get((k, site, self.reading.classes[g]), none)

    def units(self, labels: tuple[Label, ...]) -> Array:
        """Return the units of equipment (site, technology) that run all surviving work after the failure. (P, labels)."""
        need = np.zeros((self.reading.clock.shape[0], len(labels)))
        at = {label: i for i, label in enumerate(labels)}
        for i, (k, site, g) in enumerate(self.columns["recourse_load"].labels):
            left = self.columns.shares([(k, site)], of="site")[:, 0]
            share = no_nan(self.reading.technology(g, "attainable_utilisation"), 1.0) * left
            peak = self.most["recourse_load"][..., i].max(axis=1)
            units = np.where(share > 0, peak / np.where(share > 0, share, 1.0), 0.0)
            need[:, at[site, g]] = np.maximum(need[:, at[site, g]], units)
        return need

    def traffic(self, link: str) -> Array:
        """Return 1 over the smallest share of a link that a contingency leaves above 0. Shape (P,)."""
        left = [one.left(link=link) for one in self.columns.failures]
        shares = np.stack([np.where(share > 0, share, 1.0) for share in left]) if left else np.ones((1, 1))
        return np.asarray(1.0 / shares.min(axis=0))

    def power(self, most: Mapping[str, Array]) -> None:
        """Bound the grid power by the facility power of installed and running equipment; `most`: bounds of capacity."""
        grid = [self._facility(most, label) for label in self.columns["recourse_grid"].labels]
        shape = self.reading.clock.shape
        self.most["recourse_grid"] = np.stack(grid, axis=-1) if grid else np.zeros((*shape, 0))

    def _facility(self, most: Mapping[str, Array], label: Label) -> Array:
        k, site = label
        left = self.columns.shares([label], of="site")
        drawn = np.zeros(self.reading.clock.shape)
        for name, part in (("installed", 0), ("stock_load", 1)):
            for i, (s, g) in enumerate(self.columns[name].labels):
                if s == site:
                    drawn = drawn + times(left * idle_and_busy(self.reading, g)[part][:, None], most[name][:, [i]])
        for i, (case, s, g) in enumerate(self.columns["recourse_load"].labels):
            if (case, s) == (k, site):
                drawn = drawn + times(idle_and_busy(self.reading, g)[1][:, None], self.most["recourse_load"][..., i])
        return pue(self.reading, site) * drawn

    def own_power(self, site: str, profile: Array) -> Array:
        """Return the capacity of a source at which it covers the facility in every contingency. Shape (P,)."""
        need = np.zeros(self.reading.clock.shape[0])
        for i, (k, s) in enumerate(self.columns["recourse_grid"].labels):
            if s == site:
                given = profile * self.columns.shares([(k, s)], of="site")
                ask = self.most["recourse_grid"][..., i]
                with np.errstate(invalid="ignore"):
                    need = np.maximum(need, np.where(given > 0, ask / np.where(given > 0, given, 1.0), 0.0).max(axis=1))
        return need
