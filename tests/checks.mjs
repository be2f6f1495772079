// SPDX-License-Identifier: ISC
// checks.mjs: what every test in JavaScript needs: checks written as sentences, a folder of its own, a way to call turnout.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
export const build = resolve(root, process.env.BUILD ?? 'build');
export const zone = 'Europe/London';

let passed = 0, skipped = 0;
const failures = [];
const cleanups = [];

/** One check: `sentence` says what holds when `holds` is true; `found` is shown when not. */
export function check(sentence, holds, found = '') {
	if (holds) {
		passed++;
		console.log(`ok: ${sentence}`);
	} else {
		failures.push(sentence);
		console.log(`FAILED: ${sentence}${found === '' ? '' : ` (found ${JSON.stringify(found)})`}`);
	}
}

/** Say aloud that `what` was not checked, and why. */
export function skip(what, why) {
	skipped++;
	console.log(`SKIPPED: ${what}: ${why}`);
}

/** Have `clean` called at the end of the test, the last one first. */
export function atEnd(clean) {
	cleanups.push(clean);
}

/** Run `body`, clean up, print the count, and end with 0 only when every check held. */
export async function run(body) {
	try {
		await Promise.race([body(), new Promise((_, fail) => process.once('unhandledRejection', fail))]);
	} catch (error) {
		failures.push(String(error));
		console.log(`FAILED: the test ran to its end (${error.stack})`);
	}
	for (const clean of cleanups.reverse())
		await clean();
	console.log(`${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
	process.exit(failures.length === 0 && passed + skipped > 0 ? 0 : 1);
}

/** A folder that is gone at the end of the test. */
export function makeFolder() {
	const folder = mkdtempSync(join(tmpdir(), 'turnout-test-'));
	atEnd(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** Run `turnout` with `words`; its standard output. */
export function turnout(...words) {
	return execFileSync(join(build, 'turnout'), words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Date and wall time in the club's zone, `minutes` from now. */
export function wallTime(minutes) {
	const words = new Date(Date.now() + minutes * 60000).toLocaleString('sv-SE', { timeZone: zone });
	return { date: words.slice(0, 10), time: words.slice(11, 16) };
}

/** The codes of the run of `group` on `date`: {token, digits, address, session_id, screen, …}. */
export function codeOf(db, group, date) {
	return JSON.parse(turnout('code', date, '--group', group, '--db', db, '--json'));
}

/** A run of a new `group`, `start` to `end` minutes from now: its codes, and the times; `more` are words for `group add`. */
export function makeRun(db, group, start, end, ...more) {
	const from = wallTime(start), to = wallTime(end), opens = wallTime(start - 30), closes = wallTime(end + 30);	/* of one minute */
	turnout('group', 'add', group, '--db', db, ...more);
	turnout('calendar', 'add', '--db', db, '--group', group, '--date', from.date, '--start', from.time, '--end', to.time);
	return { ...codeOf(db, group, from.date), from, to, date: from.date, opens, closes };
}
