// SPDX-License-Identifier: ISC
// lib.mjs: what every browser test needs: a club, a turnoutd with its publisher and a Chromium of its own, checks written as sentences.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { atEnd, build, check, codeOf, makeFolder, makeRun, root, run, skip, turnout, wallTime, zone } from '../checks.mjs';

export const require = createRequire(import.meta.url);
const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium';
// What Playwright disables of a page's own, since the last such list counts; and two pages that each window loads behind its address bar,
// which take longer than ours.
const unwanted = 'HttpsUpgrades,MediaRouter,OptimizationHints,PaintHolding,RenderDocument,ThirdPartyStoragePartitioning,Translate,' +
	'WebUIOmniboxPopup,WebUIOmniboxAimPopup';

export { build, check, codeOf, makeFolder, makeRun, root, run, skip, turnout, wallTime, zone };

/** The promise's value as a check: true when it came before its time was over. */
export async function comes(sentence, promise) {
	const error = await promise.then(() => null, (failure) => String(failure).split('\n')[0]);
	check(sentence, error === null, error);
	return error === null;
}

/** Whether the program `name` is installed. */
export function hasProgram(name) {
	return spawnSync('sh', ['-c', 'command -v "$0"', name]).status === 0;
}

/** Start turnoutd, which starts its publisher, on `port` (0: any); returns its origin, its port and stop(). */
export function start(db, site, port = 0) {
	return startProgram('turnoutd', '--db', db, '--site', site, '--listen', `127.0.0.1:${port}`);
}

/** Start `program`, which prints "listening on ORIGIN", with `words`; returns the same. */
export async function startProgram(program, ...words) {
	const child = spawn(join(build, program), words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
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
		ended.then((status) => fail(new Error(`${program} ended with ${status}: ${log}`)));
	});
	const origin = line.replace('listening on ', '');
	return { origin, port: Number(new URL(origin).port), stop: () => {
		child.kill('SIGTERM');
		return ended;
	} };
}

/** Poll `holds` each `pause` ms until it is true; throws after `limit` ms. For what no browser event tells. */
export async function until(holds, what, limit = 15000, pause = 50) {
	for (const end = Date.now() + limit; !await holds(); await new Promise((done) => setTimeout(done, pause)))
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
		'--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--disable-features=${unwanted}`] });
	atEnd(() => browser.close());
	return browser;
}

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A page in a context of its own, with `options`, that checkAccess may look at: axe is in each document from its start, and compiled once. */
export async function openPage(browser, options) {
	const context = await browser.newContext(options);
	await context.addInitScript({ path: require.resolve('axe-core/axe.min.js') });
	return context.newPage();
}

/** Make the window of `page` that wide and high, as somebody does who turns a phone; no script of ours asks for it. */
export async function resize(page, width, height) {
	await page.setViewportSize({ width, height });
	await page.waitForFunction((wanted) => innerWidth === wanted, width);
}

/**
 * In the page: mark as data-alike what looks as three before it, with all that is around it. Contrast, at which axe works for most of its time,
 * is then judged of the three: a table of a thousand cells has some ten kinds.
 */
function markAlike() {
	const kinds = new Map(), kindOf = new Map(), counts = [];
	for (const each of document.querySelectorAll('html, body, body *')) {
		const style = getComputedStyle(each), look = ['color', 'backgroundColor', 'backgroundImage', 'opacity', 'filter', 'mixBlendMode', 'fontSize', 'fontWeight',
			'textShadow', 'position', 'float', 'display', 'visibility'].map((name) => style[name]);
		const words = [kindOf.get(each.parentElement), each.localName, ...look].join();
		if (!kinds.has(words))
			kinds.set(words, kinds.size);
		const kind = kinds.get(words);
		kindOf.set(each, kind);
		counts[kind] = (counts[kind] ?? 0) + 1;
		each.toggleAttribute('data-alike', counts[kind] > 3);
	}
	window.axe.configure({ rules: [{ id: 'color-contrast', selector: ':not([data-alike])' }] });
}

/**
 * What axe finds on `page`, of openPage, as it stands, in each of the colour `schemes`; it leaves out what the selectors `exclude` name.
 * In the second scheme colours alone are new, as quality.mjs checks, and so are the rules that look at them.
 */
export async function checkAccess(sentence, page, schemes = ['light', 'dark'], exclude = []) {
	for (const colorScheme of schemes) {
		const runOnly = colorScheme === schemes[0] ? { type: 'tag', values: wcag } : { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };
		await page.emulateMedia({ colorScheme });
		await page.evaluate(markAlike);
		const { violations, passes } = await page.evaluate(async ([without, only]) => {
			const found = await window.axe.run({ exclude: without }, { runOnly: only, resultTypes: ['violations'] });
			return { violations: found.violations, passes: found.passes.map(({ id }) => id) };
		}, [exclude, runOnly]);
		check(`${sentence}, ${colorScheme}: axe finds nothing`, violations.length === 0 && passes.includes('color-contrast') && (runOnly.type === 'rule' || passes.length > 5),
			[passes, ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 120)} ${any[0]?.message ?? ''}`).slice(0, 3).join(' | ')}`)]);
	}
}

/** What the Nu checker says of `files`, more than `least` of them, which `what` names: errors and warnings. */
export function checkMarkup(what, files, least) {
	if (!hasProgram('java') || !existsSync(join(root, 'tests', 'node_modules', 'vnu-jar'))) {
		skip('the Nu checker', 'java is not installed, or npm ci was not run in tests/');
		return;
	}
	// It runs for seconds: Java's first compiler and simplest collector take half the time of those for servers.
	const { stdout, status } = spawnSync('java', ['-Xss4m', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-jar', require('vnu-jar'), '--format', 'json',
		'--stdout', '--exit-zero-always', '--also-check-css', '--also-check-svg', ...files], { encoding: 'utf8', maxBuffer: 1 << 26 });
	const found = [...new Set(JSON.parse(stdout).messages.map(({ subType, message, extract, url }) =>
		`${subType ?? 'error'}: ${message} ${extract ?? ''} (${url.replace(/.*\/site\//, '')})`))];
	const missing = files.filter((file) => !existsSync(file));		/* of which the checker says nothing */
	check(`the Nu checker finds nothing in ${what}`, status === 0 && files.length > least && missing.length + found.length === 0, [...missing, ...found].slice(0, 10));
}

/** The kinds of page of the demo club in `site`, as paths below its address; `now` as for `turnout code`. */
export function kindsOfPage(db, site, ...now) {
	const runs = JSON.parse(turnout('calendar', 'list', '--db', db, '--json', '--from', '2000-01-01', '--to', '2099-12-31', ...now));
	const address = (run) => `runs/${run.date}/${readdirSync(join(site, 'public', 'runs', run.date)).find((slug) =>
		readFileSync(join(site, 'public', 'runs', run.date, slug, 'index.html'), 'utf8').includes(`<h1><bdi>${run.title}</bdi></h1>`))}/`;
	const past = runs.filter(({ state, came }) => state === 'closed' && came > 0).at(-1);
	const member = JSON.parse(turnout('person', 'link', 'Valentina Popescu', '--json', '--db', db, ...now));
	const below = (url) => new URL(url).pathname.slice(1);
	const code = JSON.parse(turnout('code', 'today', '--json', '--db', db, ...now));
	const reports = below(JSON.parse(turnout('status', '--json', '--db', db, ...now)).reports), year = past.date.slice(0, 4);
	const person = JSON.parse(turnout('person', 'list', '--json', '--db', db, ...now)).find(({ name }) => name === 'Valentina Popescu').id;
	return {
		reports, 'reports-group': `${reports}groups/beginners/`, 'report-month': `${reports}groups/tuesday-social/${past.date.slice(0, 7)}/`,
		'report-year': `${reports}groups/beginners/${year}/`,
		'report-club': `${reports}club/${year}/`, 'report-person': `${reports}people/${person}/`,
		home: '', calendar: 'calendar/', month: `calendar/${past.date.slice(0, 7)}/`, 'run-past': address(past),
		'run-open': address(runs.find(({ state }) => state === 'open')), 'run-coming': address(runs.find(({ state }) => state === 'scheduled')),
		'run-cancelled': address(runs.find(({ state }) => state === 'cancelled')), groups: 'groups/',
		places: 'places/', place: `places/${readdirSync(join(site, 'public', 'places')).find((name) => name !== 'index.html')}/`,
		group: `groups/${readdirSync(join(site, 'public', 'groups'))[0]}/`, year: `years/${past.date.slice(0, 4)}/`, history: 'history/',
		'group-year': `groups/${readdirSync(join(site, 'public', 'groups'))[0]}/${past.date.slice(0, 4)}/`, 'history-found': 'history/#words=tue',
		'history-month': `history/${past.date.slice(0, 7)}/`, form: 'R/', 'form-scanned': `R/#${code.token}`, verdict: 'R/already/', 'verdict-in': 'R/ok/',
		'not-found': '404.html', screen: below(code.screen), host: `${below(code.screen)}host/`, person: below(member.page),
		'person-history': `${below(member.page)}history/`, profile: below(member.public_page),
	};
}
