// SPDX-License-Identifier: ISC
// lib.mjs: what every browser test needs: a club, a turnoutd with its publisher and a Chromium of its own, checks that are sentences.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const build = resolve(root, process.env.BUILD ?? 'build');
export const zone = 'Europe/London';
export const require = createRequire(import.meta.url);
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

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

/** The promise's value as a check: true when it came before its time was over. */
export async function comes(sentence, promise) {
	const error = await promise.then(() => null, (failure) => String(failure).split('\n')[0]);
	check(sentence, error === null, error);
	return error === null;
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

/** Whether the program `name` is installed. */
export function hasProgram(name) {
	return spawnSync('sh', ['-c', 'command -v "$0"', name]).status === 0;
}

/** A folder that is gone at the end of the test. */
export function makeFolder() {
	const folder = mkdtempSync(join(tmpdir(), 'turnout-browser-'));
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

/** A run of a new `group`, `start` to `end` minutes from now; what `turnout code` says of it, and the times. */
export function makeRun(db, group, start, end) {
	const from = wallTime(start), to = wallTime(end);
	turnout('group', 'add', group, '--db', db);
	turnout('calendar', 'add', '--db', db, '--group', group, '--date', from.date, '--start', from.time, '--end', to.time);
	return { from, to, ...codeOf(db, group, from.date) };
}

/** The codes of the run of `group` on `date`: {token, digits, address, session, screen, …}. */
export function codeOf(db, group, date) {
	return JSON.parse(turnout('code', date, '--group', group, '--db', db, '--json'));
}

/** Start turnoutd, which starts its publisher, on `port` (0: any); returns its origin, its port and stop(). */
export async function start(db, site, port = 0) {
	const child = spawn(join(build, 'turnoutd'), ['--db', db, '--site', site, '--listen', `127.0.0.1:${port}`],
		{ cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
	const ended = new Promise((done) => child.on('close', done));
	atEnd(async () => {
		if (child.exitCode === null && child.signalCode === null)
			child.kill('SIGTERM');
		await ended;
	});
	let log = '';
	child.stderr.setEncoding('utf8').on('data', (text) => { log += text; });
	const line = await new Promise((done, fail) => {
		let text = '';
		child.stdout.setEncoding('utf8').on('data', (piece) => {
			text += piece;
			if (text.includes('\n'))
				done(text.slice(0, text.indexOf('\n')));
		});
		ended.then((status) => fail(new Error(`turnoutd ended with ${status}: ${log}`)));
	});
	const origin = line.replace('listening on ', '');
	return { origin, port: Number(new URL(origin).port), stop: () => {
		child.kill('SIGTERM');
		return ended;
	} };
}

/** Poll `holds` until it is true; throws after `limit` ms. For what no browser event tells. */
export async function until(holds, what, limit = 15000) {
	for (const end = Date.now() + limit; !await holds(); await new Promise((done) => setTimeout(done, 50)))
		if (Date.now() > end)
			throw new Error(`${what} did not come in ${limit} ms`);
}

/** Chromium with a profile of its own; null, said aloud, when it or its driver is not installed. */
export async function openBrowser() {
	if (!existsSync(browserPath)) {
		skip('everything in a browser', `there is no ${browserPath}`);
		return null;
	}
	let chromium;
	try {
		({ chromium } = await import('playwright-core'));
	} catch {
		skip('everything in a browser', 'playwright-core is missing: run npm ci in tests/');
		return null;
	}
	const browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic',
		'--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
	atEnd(() => browser.close());
	return browser;
}

/** The kinds of page of the demo club in `site`, as paths below its address; `now` as for `turnout code`. */
export function kindsOfPage(db, site, ...now) {
	const runs = JSON.parse(turnout('calendar', 'list', '--db', db, '--json', '--from', '2000-01-01', '--to', '2099-12-31', ...now));
	const address = (run) => `runs/${run.date}/${readdirSync(join(site, 'public', 'runs', run.date)).find((slug) =>
		readFileSync(join(site, 'public', 'runs', run.date, slug, 'index.html'), 'utf8').includes(`<h1>${run.title}</h1>`))}/`;
	const past = runs.filter(({ state, came }) => state === 'closed' && came > 0).at(-1);
	const code = JSON.parse(turnout('code', 'today', '--json', '--db', db, ...now));
	return {
		home: '', calendar: 'calendar/', month: `calendar/${past.date.slice(0, 7)}/`, 'run-past': address(past),
		'run-open': address(runs.find(({ state }) => state === 'open')), 'run-coming': address(runs.find(({ state }) => state === 'scheduled')),
		'run-cancelled': address(runs.find(({ state }) => state === 'cancelled')), groups: 'groups/',
		group: `groups/${readdirSync(join(site, 'public', 'groups'))[0]}/`, year: `years/${past.date.slice(0, 4)}/`, history: 'history/',
		'history-month': `history/${past.date.slice(0, 7)}/`, form: 'R/', 'form-scanned': `R/#${code.token}`, verdict: 'R/already/', 'verdict-in': 'R/ok/',
		'not-found': '404.html', screen: new URL(code.screen).pathname.slice(1),
	};
}
