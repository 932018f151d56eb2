"""Draws random processes from blocks with one way in and one way out, so that each can end.

The narrow blocks are those that both engines run; the wide ones are for the token engine alone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from tests.unit.engine import drawing as d
from workflows.engine.bundle import Bundle

EXITS = ("stop", "go")


@dataclass
class Block:
    """A part of a process: what it draws, and the elements at which it begins and ends."""

    parts: list[str]
    first: str
    last: str
    waits: bool = False
    """Whether a case surely waits in it, so that a loop around it is none without a wait."""


@dataclass
class Drawer:
    """Draws one process."""

    dice: random.Random
    wide: bool
    size: int = 14
    count: int = 0
    processes: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)

    def draw(self) -> Bundle:
        """Return a bundle with a main process and what it calls."""
        body = self.scope(depth=0, prefix="main")
        return d.draw(d.process("main", *body), *self.processes)

    def name(self, kind: str) -> str:
        """Return a new id."""
        self.count += 1
        return f"{kind}_{self.count}"

    def scope(self, *, depth: int, prefix: str) -> list[str]:
        """Draw a start, blocks, an end, and perhaps what a scope may carry beside."""
        inner = self.chain(depth=depth)
        begin = "begin" if prefix == "main" else self.name("begin")
        parts = [d.start(begin), *inner.parts, d.path(begin, inner.first)]
        if not self.wide or self.dice.random() < 0.8:
            end = self.name("end")
            parts += [d.end(end), d.path(inner.last, end)]
        if self.wide and self.dice.random() < 0.25:
            parts.append(self.event_subprocess(depth + 1))
        return parts

    def chain(self, *, depth: int) -> Block:
        """Draw one to three blocks one after the other."""
        blocks = [self.block(depth) for _ in range(self.dice.randint(1, 3))]
        parts = [part for block in blocks for part in block.parts]
        for one, other in zip(blocks, blocks[1:], strict=False):
            parts.append(d.path(one.last, other.first))
        waits = any(block.waits for block in blocks)
        return Block(parts, blocks[0].first, blocks[-1].last, waits)

    def block(self, depth: int) -> Block:
        """Draw one block, a simple one when the process is deep or large enough."""
        if depth > 3 or self.count > self.size:
            return self.dice.choice([self.task, self.task, self.service])()
        simple = [self.task, self.service, self.catch, self.event_gateway]
        nested = [self.choice, self.parallel, self.loop, self.sub, self.call, self.many]
        if self.wide:
            simple += [self.receive, self.shout, self.undoing]
            nested += [self.inclusive, self.round_loop, self.breaking, self.split_task]
            nested += [self.transaction, self.terminated, self.linked]
        if self.dice.random() < 0.3:
            return self.dice.choice(simple)()
        return self.dice.choice(nested)(depth + 1)

    # Simple blocks

    def task(self) -> Block:
        name = self.name("task")
        return self.attach([d.user(name)], name, often=0.3, waits=True)

    def service(self) -> Block:
        name = self.name("work")
        return Block([d.service(name)], name, name)

    def catch(self) -> Block:
        name = self.name("catch")
        if self.dice.random() < 0.5:
            return Block([d.catch(name, message=f"m{name}")], name, name, waits=True)
        return Block([d.catch(name, timer=f"reply@{name}")], name, name, waits=True)

    def event_gateway(self) -> Block:
        gate, one, other, merge = (self.name(k) for k in ("gate", "came", "due", "merge"))
        parts = [
            d.either(gate),
            d.catch(one, message=f"m{one}"),
            d.catch(other, timer=f"reply@{other}"),
            d.xor(merge),
            d.path(gate, one, merge),
            d.path(gate, other, merge),
        ]
        return Block(parts, gate, merge, waits=True)

    def attach(self, parts: list[str], host: str, *, often: float, waits: bool = False) -> Block:
        """Draw, as often as this, an event on an activity; its way comes back or ends."""
        if self.dice.random() >= often:
            return Block(parts, host, host, waits)
        event, then, interrupting = self.name("event"), self.service(), self.dice.random() < 0.4
        if self.dice.random() < 0.5:
            drawn = d.boundary(event, host, message=f"m{event}", interrupting=interrupting)
        else:
            drawn = d.boundary(event, host, timer=f"reply@{event}", interrupting=interrupting)
        parts = [*parts, drawn, *then.parts, d.path(event, then.first)]
        if interrupting:
            merge = self.name("merge")
            parts += [d.xor(merge), d.path(host, merge), d.path(then.last, merge)]
            return Block(parts, host, merge, waits)
        end = self.name("end")
        return Block([*parts, d.end(end), d.path(then.last, end)], host, host, waits)

    # Nested blocks

    def choice(self, depth: int) -> Block:
        split, merge, one, other = self.name("if"), self.name("merge"), *self.two(depth)
        parts = [
            d.xor(split, default=one.first),
            d.xor(merge),
            *one.parts,
            *other.parts,
            d.path(split, one.first),
            d.flow(split, other.first, f"v{split} == 'go'"),
            d.path(one.last, merge),
            d.path(other.last, merge),
        ]
        return Block(parts, split, merge, one.waits and other.waits)

    def parallel(self, depth: int) -> Block:
        split, join, one, other = self.name("split"), self.name("join"), *self.two(depth)
        parts = [
            d.both(split),
            d.both(join),
            *one.parts,
            *other.parts,
            d.path(split, one.first),
            d.path(split, other.first),
            d.path(one.last, join),
            d.path(other.last, join),
        ]
        return Block(parts, split, join, one.waits or other.waits)

    def two(self, depth: int) -> tuple[Block, Block]:
        return self.chain(depth=depth), self.chain(depth=depth)

    def loop(self, depth: int) -> Block:
        merge, again, inner = self.name("merge"), self.name("again"), self.chain(depth=depth)
        parts = list(inner.parts)
        if not inner.waits:
            task = self.task()
            parts += [*task.parts, d.path(inner.last, task.first)]
            inner = Block(parts, inner.first, task.last, waits=True)
        out = self.service()
        parts += [
            d.xor(merge),
            d.xor(again, default=out.first),
            *out.parts,
            d.path(merge, inner.first),
            d.path(inner.last, again, out.first),
            d.flow(again, merge, f"v{again} == 'go'"),
        ]
        return Block(parts, merge, out.last, waits=True)

    def sub(self, depth: int) -> Block:
        name = self.name("sub")
        inner = self.scope(depth=depth, prefix=name)
        return self.attach([d.sub(name, *inner)], name, often=0.6)

    def call(self, depth: int, how: str = "") -> Block:
        name, called = self.name("call"), self.name("called")
        self.processes.append(d.process(called, *self.scope(depth=depth, prefix=called)))
        drawn = d.call(name, called)
        return self.attach([d.repeated(drawn, how) if how else drawn], name, often=0.4)

    def many(self, depth: int) -> Block:
        how = self.how()
        if self.dice.random() < 0.4:
            return self.call(depth, how)
        name = self.name("each")
        if self.dice.random() < 0.5:
            drawn = d.user(name)
        else:
            drawn = d.sub(name, *self.scope(depth=depth, prefix=name))
        return self.attach([d.repeated(drawn, how)], name, often=0.4)

    def how(self) -> str:
        items = self.name("items")
        self.items.append(items)
        if not self.wide:
            return d.times(per=items)
        until = self.dice.choice(["", "", "nrOfCompletedInstances == 2", f"v{items} == 'go'"])
        sequential = self.dice.random() < 0.5
        if self.dice.random() < 0.3:
            return d.times(sequential=sequential, count="2", until=until)
        return d.times(sequential=sequential, per=items, until=until)

    # Wide blocks

    def receive(self) -> Block:
        name = self.name("receive")
        drawn = d.node("receiveTask", name, messageRef=f"m_m{name}")
        return self.attach([drawn], name, often=0.5, waits=True)

    def shout(self) -> Block:
        name = self.name("shout")
        what = self.dice.choice([d.signal("news"), d.message("out"), d.escalation("late")])
        return Block([d.throws(name, what)], name, name)

    def undoing(self) -> Block:
        done, back, throws = self.name("done"), self.name("back"), self.name("undo")
        parts = [d.service(done), d.undone_by(done, back)]
        if self.dice.random() < 0.5:
            return Block(parts, done, done)
        return Block([*parts, d.throws(throws, d.undo()), d.path(done, throws)], done, throws)

    def inclusive(self, depth: int) -> Block:
        split, join, one, other = self.name("some"), self.name("rejoin"), *self.two(depth)
        third = self.chain(depth=depth)
        parts = [d.some(split, default=third.first), d.some(join)]
        for block in (one, other, third):
            parts += [*block.parts, d.path(block.last, join)]
        parts += [
            d.flow(split, one.first, f"v{split} == 'go'"),
            d.flow(split, other.first, f"v{split} != 'stop'"),
            d.path(split, third.first),
        ]
        return Block(parts, split, join, one.waits and other.waits and third.waits)

    def round_loop(self, depth: int) -> Block:
        name = self.name("round")
        how = d.again(f"v{name} == 'go'", most=3, first=self.dice.random() < 0.3)
        if self.dice.random() < 0.5:
            return Block([d.repeated(d.user(name), how)], name, name)
        drawn = d.sub(name, *self.scope(depth=depth, prefix=name))
        return Block([d.repeated(drawn, how)], name, name)

    def breaking(self, depth: int) -> Block:
        """Draw a sub-process from which an error may break out."""
        name, event, then, merge = (self.name(k) for k in ("risky", "error", "repair", "merge"))
        begin, split, bad, good = (self.name(k) for k in ("begin", "if", "bad", "good"))
        inner = self.chain(depth=depth)
        inside = [
            d.start(begin),
            *inner.parts,
            d.xor(split, default=good),
            d.ends(bad, d.error("lost")),
            d.end(good),
            d.path(begin, inner.first),
            d.path(inner.last, split, good),
            d.flow(split, bad, f"v{split} == 'go'"),
        ]
        parts = [
            d.sub(name, *inside),
            d.attached(event, name, d.error("lost")),
            d.service(then),
            d.xor(merge),
            d.path(name, merge),
            d.path(event, then, merge),
        ]
        return Block(parts, name, merge)

    def split_task(self, depth: int) -> Block:
        """Draw a task with several ways on, of which one simply stops."""
        name, stops, after = self.name("task"), self.name("stops"), self.service()
        parts = [
            d.user(name),
            d.service(stops),
            *after.parts,
            d.path(name, stops),
            d.path(name, after.first),
        ]
        return Block(parts, name, after.last, waits=True)

    def transaction(self, depth: int) -> Block:
        name, event, merge = (self.name(k) for k in ("deal", "cancelled", "merge"))
        begin, done, back, ask = (self.name(k) for k in ("begin", "done", "back", "ask"))
        split, good, bad = (self.name(k) for k in ("if", "good", "bad"))
        inside = [
            d.start(begin),
            d.service(done),
            d.undone_by(done, back),
            d.user(ask),
            d.xor(split, default=good),
            d.end(good),
            d.ends(bad, d.CANCEL),
            d.path(begin, done, ask, split, good),
            d.flow(split, bad, f"v{split} == 'go'"),
        ]
        parts = [
            d.transaction(name, *inside),
            d.attached(event, name, d.CANCEL),
            d.xor(merge),
            d.path(name, merge),
            d.path(event, merge),
        ]
        return Block(parts, name, merge, waits=True)

    def terminated(self, depth: int) -> Block:
        """Draw a sub-process that its first branch to end takes down."""
        name, begin, split, stop = (self.name(k) for k in ("race", "begin", "split", "stop"))
        one, other = self.two(depth)
        inside = [
            d.start(begin),
            d.both(split),
            d.end(stop, terminate=True),
            *one.parts,
            *other.parts,
            d.path(begin, split, one.first),
            d.path(split, other.first),
            d.path(one.last, stop),
            d.path(other.last, stop),
        ]
        return Block([d.sub(name, *inside)], name, name, one.waits and other.waits)

    def linked(self, depth: int) -> Block:
        away, here, after = self.name("away"), self.name("here"), self.chain(depth=depth)
        parts = [
            d.throws(away, d.link(away)),
            d.catches(here, d.link(away)),
            *after.parts,
            d.path(here, after.first),
        ]
        return Block(parts, away, after.last, after.waits)

    def event_subprocess(self, depth: int) -> str:
        name, begin = self.name("handler"), self.name("begin")
        what, interrupting = self.dice.choice(
            [
                (d.message(f"m{name}"), True),
                (d.message(f"m{name}"), False),
                (d.timer(f"reply@{name}"), True),
                (d.timer(f"reply@{name}"), False),
                (d.signal("news"), True),
                (d.signal("other"), False),
                (d.error(), True),
                (d.escalation("late"), True),
                (d.escalation(), False),
            ]
        )
        task, end = self.task(), self.name("end")
        return d.handler(
            name,
            d.on(begin, what, interrupting=interrupting),
            *task.parts,
            d.end(end),
            d.path(begin, task.first),
            d.path(task.last, end),
        )


def generate(seed: str, *, wide: bool) -> tuple[Bundle, list[str]]:
    """Return a random process, and the names of the lists that its repetitions read."""
    drawer = Drawer(random.Random(seed), wide=wide)
    return drawer.draw(), drawer.items
