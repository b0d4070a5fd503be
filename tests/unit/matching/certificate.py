#!/usr/bin/env python3
"""Judges what `anketa-collector match` claims, by definitions alone.

verdict(instance, result) needs nothing but the two JSON texts: no code is
shared with the product, in another language, so that anybody can read how a
result is known to be stable and its bound to hold.

    certificate.py INSTANCE RESULT      says what is wrong; exit code 1
    certificate.py --try PROGRAM        random programmes, and results spoilt
"""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

NEVER = 10**9


class Market:
    """Who lists whom at which rank, after the coordinator's locks."""

    def __init__(self, x):
        locks = x.get("locks", {})
        barred = {tuple(p) for p in locks.get("forbidden", [])}
        self.forced = dict(map(tuple, locks.get("forced", [])))
        self.places = {m["id"]: m["capacity"] for m in x["mentors"]}
        self.minimum = {m["id"]: m.get("min", 0) for m in x["mentors"]}
        rank = {(p["id"], who): i for side in ("mentees", "mentors")
                for p in x[side] for i, tie in enumerate(p["prefs"])
                for who in tie}
        self.wish, self.view = {}, {}  # (mentee, mentor) -> rank
        for e in (p["id"] for p in x["mentees"]):
            for m in self.places:
                if (e, m) in rank and (m, e) in rank and (e, m) not in barred:
                    self.wish[e, m], self.view[e, m] = rank[e, m], rank[m, e]


def faults(k, mentor_of):
    """Pairs that would rather be together, and broken rules."""
    group = collections.defaultdict(list)
    for e, m in mentor_of.items():
        if m is not None:
            group[m].append(e)
            if k.forced.get(e) != m and (e, m) not in k.wish:
                yield f"{e} and {m} did not list each other"
    for e, m in k.forced.items():
        if mentor_of[e] != m:
            yield f"{e} was fixed to {m}"
    for m, who in group.items():
        if len(who) > k.places[m]:
            yield f"{m} has {len(who)} people for {k.places[m]} places"
        if len(who) < k.minimum[m] and not set(who) & set(k.forced):
            yield f"{m} opened with too few"
    for (e, m), wish in k.wish.items():
        if e in k.forced or not group[m] and k.minimum[m]:
            continue
        mine = k.wish.get((e, mentor_of[e]), NEVER)
        worst = max((k.view[f, m] for f in group[m] if f not in k.forced),
                    default=-1)
        if len(group[m]) < k.places[m]:
            worst = NEVER
        if wish < mine and k.view[e, m] < worst:
            yield f"{e} and {m} would both rather be together"


def unproven(k, proof):
    """Why the certificate does not prove that more pairs are impossible."""
    free = {m: n - sum(f == m for f in k.forced.values())
            for m, n in k.places.items()}
    closable = {m for m in free
                if k.minimum[m] and m not in k.forced.values()}
    left = {p for p in k.wish if p[0] not in k.forced and free[p[1]] > 0}
    for e, m, rule, e2, m2 in proof["deleted"]:
        rivals = {f for f, t in left
                  if t == m2 and k.view[f, t] <= k.view[e2, m2]}
        if not {(e, m), (e2, m2)} <= left or m2 in closable:
            yield f"a deletion refers to {e2} and {m2}, not there any more"
        elif rule == "offer":  # m2 would always take e, who likes m less
            if (e != e2 or len(rivals) > free[m2]
                    or k.wish[e, m] <= k.wish[e, m2]):
                yield f"{m2} does not always take {e}"
        else:  # those who can only start with m2 fill her places
            sure = {f for f in rivals
                    if all(t == m2 or k.wish[f, t] > k.wish[f, m2]
                           for g, t in left if g == f)}
            if m != m2 or len(sure) < free[m] or k.view[e, m] <= k.view[e2, m]:
                yield f"nothing keeps {e} from {m}"
        left.discard((e, m))
    mentees, mentors = (set(proof["cover"][s]) for s in ("mentees", "mentors"))
    if any(e not in mentees and m not in mentors for e, m in left):
        yield "the cover leaves a pair out"
    if (len(k.forced) + len(mentees) + sum(free[m] for m in mentors)
            > proof["bound"]):
        yield "the cover is larger than the bound"


def verdict(instance, result):
    k = Market(instance)
    return [*faults(k, result["matching"]), *unproven(k, result["certificate"])]


# -- trying it -----------------------------------------------------------------

def programme(rng):
    mentees = [f"e{i}" for i in range(rng.randint(3, 14))]
    mentors = [f"m{i}" for i in range(rng.randint(2, 6))]

    def ties(others):
        some = rng.sample(others, rng.randint(1, len(others)))
        lists = []
        for who in some:
            if lists and rng.random() < 0.4:
                lists[-1].append(who)
            else:
                lists.append([who])
        return lists

    x = {"mentees": [{"id": e, "prefs": ties(mentors)} for e in mentees],
         "mentors": [{"id": m, "capacity": rng.randint(1, 4),
                      "prefs": ties(mentees)} for m in mentors]}
    if rng.random() < 0.3:
        pair = [rng.choice(mentees), rng.choice(mentors)]
        x["locks"] = {rng.choice(["forced", "forbidden"]): [pair]}
    return x


def run(program, x):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as f:
        json.dump(x, f)
        f.flush()
        done = subprocess.run([program, "match", f.name], check=True,
                              capture_output=True)
    return json.loads(done.stdout)


def attempt(program, rounds=30):
    rng = random.Random(20)
    shared = os.path.join(os.environ.get("ANKETA_DATA", ""), "matching",
                          "instances.json")
    cases = [programme(rng) for _ in range(rounds)]
    if os.path.exists(shared):
        with open(shared, encoding="utf-8") as f:
            cases += [x for x in json.load(f) if "matching" not in x]
    proven = spoilt = 0
    for x in cases:
        result = run(program, x)
        bad = verdict(x, result)
        assert not bad, (x, bad)
        proven += result["certificate"]["bound"] == result["size"]
        together = [e for e, m in result["matching"].items() if m]
        if together:
            result["matching"][rng.choice(together)] = None
            spoilt += bool(verdict(x, result))
        result["certificate"]["bound"] = result["size"] - 1
        assert verdict(x, result), "a bound below the size was believed"
    assert proven > len(cases) // 2, proven
    assert spoilt > len(cases) * 9 // 10, spoilt
    print(f"{len(cases)} results hold, {proven} bounds are tight, "
          f"{spoilt} spoilt results found out")


if __name__ == "__main__":
    if sys.argv[1] == "--try":
        attempt(sys.argv[2])
    else:
        texts = [json.load(open(p, encoding="utf-8")) for p in sys.argv[1:3]]
        problems = verdict(*texts)
        print("\n".join(problems) or "stable, and the bound holds")
        sys.exit(bool(problems))
