// Chapter 6.4: regular expressions. The subset is JavaScript's own, so once a pattern is found to be in it, and its
// cost is known, the engine can have it as it stands.

import { text } from "./values.mjs";

const MAX_PATTERN = 1000;
const MAX_SUBJECT = 10_000;
const MAX_COUNT = 1000;
const MAX_GROUPS = 10;
const MAX_CHOICES = 4096;
const MAX_POWER = 3;
const BUDGET = 2 ** 23;

const ESCAPED = String.raw`\\(?:[tnrf]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[!-/:-@[-\`{-~ ])`;
const PIECE = new RegExp(
  [
    String.raw`(?<assertion>\^|\$|\\[bB])`,
    String.raw`(?<open>\((?:\?[:=!])?)`,
    String.raw`(?<close>\))`,
    String.raw`(?<or>\|)`,
    String.raw`(?<repeat>(?:[*+?]|\{(?<least>[0-9]+)(?:(?<comma>,)(?<most>[0-9]*))?\})\??)`,
    String.raw`(?<set>\.|\\[dDwWsS])`,
    String.raw`(?<class>\[\^?)`,
    String.raw`(?<character>${ESCAPED}|[^\\^$.|?*+()[\]{}])`,
  ].join("|"),
  "ys",
);
const MEMBER = new RegExp(String.raw`(?<set>\\[dDwWsS])|(?<character>${ESCAPED}|&(?!&)|[^\\[\]&])`, "ys");
const NAMED = { t: "\t", n: "\n", r: "\r", f: "\f" };

export class UnfitPattern extends Error {
  code = "UNFIT_PATTERN";
}
export class SlowPattern extends Error {
  code = "SLOW_PATTERN";
}

/** Whether the pattern is found in the text of the value. Throws UnfitPattern or SlowPattern. */
export function found(pattern, value, ignoreCase = false) {
  const { longest } = cost(pattern, ignoreCase);
  const subject = text(value);
  return subject.length <= longest && new RegExp(pattern, ignoreCase ? "i" : "").test(subject);
}

/** 6.4.5, 6.4.6: `{choices, power, longest}`. Throws as `found` does. */
export function cost(pattern, ignoreCase = false) {
  if (typeof pattern !== "string" || pattern.length > MAX_PATTERN) throw new UnfitPattern("no pattern, or too long");
  const { choices, power } = new Reader(pattern, ignoreCase).read();
  let longest = MAX_SUBJECT;
  while (choices * (longest + 1) ** power > BUDGET) longest--;
  return { choices, power, longest };
}

const newGroup = (looksAhead = false) => ({
  looksAhead, firsts: [], begun: false, chooses: false, consumes: false, repeats: false,
});

class Reader {
  constructor(source, ignoreCase) {
    this.source = source;
    this.ignoreCase = ignoreCase;
    this.at = 0;
    this.groups = [newGroup()];
    this.repeatable = null; // what the next repeat would repeat
    this.choices = 1;
    this.power = 0;
  }

  read() {
    while (this.at < this.source.length) this.piece(this.next(PIECE));
    if (this.groups.length > 1) throw new UnfitPattern("a group is not closed");
    const [root] = this.groups;
    endAlternative(root);
    this.choose(root.firsts.length);
    const anchored = this.source.startsWith("^") && root.firsts.length === 1;
    this.power += anchored ? 0 : 1;
    if (this.power > MAX_POWER) throw new SlowPattern("too many repeats without end");
    return this;
  }

  next(form) {
    form.lastIndex = this.at;
    const match = form.exec(this.source);
    if (!match) throw new UnfitPattern(`not a piece of the subset at ${this.at}`);
    this.at = form.lastIndex;
    return match.groups;
  }

  piece(piece) {
    const group = this.groups.at(-1);
    if (piece.assertion) return this.begin(group, null, null);
    if (piece.open) return this.open(group, piece.open);
    if (piece.close) return this.close();
    if (piece.or) return this.or(group);
    if (piece.repeat) return this.repeat(group, piece);
    if (piece.class) this.members();
    group.consumes = true;
    this.begin(group, piece.character ? this.canonical(character(piece.character)) : null, {
      ...newGroup(), consumes: true,
    });
  }

  begin(group, first, repeatable) {
    begin(group, first);
    this.repeatable = repeatable;
  }

  open(group, opening) {
    begin(group, null);
    if (this.groups.length > MAX_GROUPS) throw new UnfitPattern("groups stand too deep");
    this.groups.push(newGroup(opening === "(?=" || opening === "(?!"));
    this.repeatable = null;
  }

  close() {
    if (this.groups.length === 1) throw new UnfitPattern("a parenthesis closes nothing");
    const group = this.groups.pop();
    endAlternative(group);
    this.choose(group.firsts.length);
    const outer = this.groups.at(-1);
    outer.chooses ||= group.chooses || group.firsts.length > 1;
    outer.repeats ||= group.repeats;
    outer.consumes ||= group.consumes && !group.looksAhead;
    this.repeatable = group.looksAhead ? null : { ...group, grouped: true };
  }

  or(group) {
    endAlternative(group);
    this.repeatable = null;
  }

  repeat(group, piece) {
    const repeated = this.repeatable;
    if (!repeated) throw new UnfitPattern("nothing to repeat");
    const [least, most] = counts(piece);
    if (most !== 1) {
      if (ambiguous(repeated)) throw new SlowPattern("what is repeated can be read in more than one way");
      group.repeats ||= Boolean(repeated.grouped);
    }
    if (most === Infinity) this.power++;
    else this.choose(most - least + 1);
    group.chooses ||= most !== least;
    this.repeatable = null;
  }

  choose(ways) {
    this.choices *= ways;
    if (this.choices > MAX_CHOICES) throw new SlowPattern("too many choices");
  }

  /** 6.4.2, the members of a class; the opening bracket was read. */
  members() {
    for (let count = 0; ; count++) {
      if (this.source[this.at] === "]") {
        if (count === 0) throw new UnfitPattern("a class is empty");
        this.at++;
        return;
      }
      this.member(count === 0);
    }
  }

  member(first) {
    const piece = this.next(MEMBER);
    if (piece.set) return;
    if (piece.character === "-" && !first && this.source[this.at] !== "]") throw new UnfitPattern("a hyphen within");
    if (this.source[this.at] !== "-" || this.source[this.at + 1] === "]") return;
    this.at++;
    const end = this.next(MEMBER);
    if (end.set || character(end.character) < character(piece.character)) throw new UnfitPattern("not a range");
  }

  /** 6.4.3 */
  canonical(unit) {
    if (!this.ignoreCase) return unit;
    const upper = unit.toUpperCase();
    return upper.length !== 1 || (upper < "\x80" && unit >= "\x80") ? unit : upper;
  }
}

function begin(group, first) {
  if (group.begun) return;
  group.begun = true;
  group.firsts.push(first);
}

function endAlternative(group) {
  begin(group, null);
  group.begun = false;
}

/** 6.4.4 */
function ambiguous(group) {
  const apart = !group.firsts.includes(null) && new Set(group.firsts).size === group.firsts.length;
  return group.chooses || group.repeats || !group.consumes || (group.firsts.length > 1 && !apart);
}

function counts({ repeat, least, comma, most }) {
  if (repeat[0] !== "{") return [repeat[0] === "+" ? 1 : 0, repeat[0] === "?" ? 1 : Infinity];
  const low = Number(least);
  const high = comma && !most ? Infinity : Number(most || least);
  if (low > MAX_COUNT || (high !== Infinity && high > MAX_COUNT) || high < 1 || high < low) {
    throw new UnfitPattern("not a count");
  }
  return [low, high];
}

function character(piece) {
  if (piece[0] !== "\\") return piece;
  const letter = piece.slice(1);
  return letter.length > 1 ? String.fromCharCode(parseInt(letter.slice(1), 16)) : (NAMED[letter] ?? letter);
}
