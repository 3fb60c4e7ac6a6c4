"""What a judge has to say: nothing when all is right."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    check: str      # A short stable name, e.g. "bandwidth".
    where: str      # The rendition or file concerned.
    message: str    # Observed and expected.

    def __str__(self) -> str:
        return f"[{self.check}] {self.where}: {self.message}"


@dataclass
class Findings:
    """Collects findings; `seen` counts how often each check looked at something, so that none can pass unused."""

    found: list[Finding] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def expect(self, condition: bool, check: str, where: str, message: str) -> bool:
        self.seen[check] = self.seen.get(check, 0) + 1
        if not condition:
            self.found.append(Finding(check, where, message))
        return bool(condition)

    def names(self) -> set[str]:
        return {f.check for f in self.found}

    def __str__(self) -> str:
        return "\n".join(map(str, self.found))
