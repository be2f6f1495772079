// SPDX-License-Identifier: ISC
// hostile.mjs: names made to break pages and files (tests/data/hostile.json) check in, and appear as names everywhere.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, makeFolder, makeRun, openBrowser, root, run, start, turnout, until, zone } from './lib.mjs';

const LINES = 20;	/* of the host's newest */

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site');
	const names = JSON.parse(readFileSync(join(root, 'tests', 'data', 'hostile.json'), 'utf8'));
	turnout('init', '--db', db, '--name', 'Test <Club> & "Friends"', '--zone', zone, '--address', 'http://127.0.0.1:1');
	turnout('set', 'visibility', 'name', '--db', db);
	const group = '</title><script>window.canary=1</script>', { session_id, screen } = makeRun(db, group, -10, 60);
	turnout('publish', '--db', db, '--site', site);
	const { origin } = await start(db, site);
	turnout('set', 'address', origin, '--db', db);

	const taken = [], odd = [];
	for (const name of names) {
		const reply = await fetch(`${origin}/api/register`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ code: session_id, runner_name: name }) });
		const text = await reply.text();
		let said;
		try { said = JSON.parse(text); } catch { said = {}; }
		if (reply.status === 201)
			taken.push(said.runner_name);
		else if (![400, 409, 413, 422].includes(reply.status) || said.success !== false || !said.code)
			odd.push([name.slice(0, 40), reply.status, text.slice(0, 100)]);
	}
	check('200 hostile names and more are tried', names.length >= 200, names.length);
	check('each is taken, or refused with a code and a sentence', odd.length === 0, odd);
	check('most are names like others', taken.length >= 200, taken.length);
	await until(async () => (await (await fetch(`${origin}/live/${session_id}.json`)).json()).count === taken.length, 'the count of all');

	// The files, by the readers of others.
	const files = readdirSync(site, { recursive: true }).filter((name) => /^(public|private)\//.test(name));
	const ending = (end) => files.filter((name) => name.endsWith(end)).map((name) => join(site, name));
	const broken = ending('.json').concat(ending('.webmanifest')).filter((file) => { try { JSON.parse(readFileSync(file, 'utf8')); return false; } catch { return true; } });
	check('every JSON file can be read', broken.length === 0 && ending('.json').length > 5, broken);
	execFileSync('/usr/bin/python3', ['-c', 'import sys, xml.dom.minidom\nfor name in sys.argv[1:]: xml.dom.minidom.parse(name)', ...ending('.xml'), ...ending('.atom'), ...ending('.svg')]);
	check('every XML, Atom and SVG file is well-formed', ending('.atom').length > 0);
	execFileSync('/usr/bin/python3', ['-c', 'import sys, icalendar\nfor name in sys.argv[1:]: icalendar.Calendar.from_ical(open(name, "rb").read())', ...ending('.ics')]);
	check('every calendar can be read', ending('.ics').length > 0);
	const live = JSON.parse(readFileSync(join(site, 'private', new URL(screen).pathname, 'host', 'live.json'), 'utf8'));
	check('the host\'s file has the newest names as they are', JSON.stringify(live.recent.map(({ name }) => name)) === JSON.stringify(taken.slice(-LINES).reverse()), live.recent.slice(0, 3));

	const csv = turnout('export', '--db', db, '-q');
	writeFileSync(join(folder, 'register.csv'), csv);
	const cells = JSON.parse(execFileSync('/usr/bin/python3', ['-c', 'import csv, json, sys\nprint(json.dumps(list(csv.reader(open(sys.argv[1], newline="", encoding="utf-8-sig")))))',
		join(folder, 'register.csv')], { encoding: 'utf8', maxBuffer: 1 << 24 }));
	check('the exported register has a line for each', cells.length === taken.length + 1 && cells.every((line) => line.length === cells[0].length), cells.length);
	const formulas = cells.flat().filter((cell) => /^[\s]*[=+@\-\t\r＝＋－＠]/.test(cell) && !/^-?\d/.test(cell));
	check('and no cell that a spreadsheet would calculate', formulas.length === 0, formulas.slice(0, 5));

	// The pages, in a browser.
	const browser = await openBrowser();
	if (!browser)
		return;
	const page = await (await browser.newContext()).newPage(), trouble = [];
	page.on('dialog', (dialog) => { trouble.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
	page.on('weberror', (error) => trouble.push(String(error)));
	page.on('request', (request) => { if (new URL(request.url()).origin !== origin) trouble.push(`asked ${request.url()}`); });
	page.on('console', (message) => { if (message.type() === 'error') trouble.push(message.text()); });
	await page.addInitScript(() => addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
	const pages = files.filter((name) => name.endsWith('.html') && !/\/(R\/.+|404\.html)/.test(name)).map((name) => name.replace(/^(public|private)\//, '').replace(/index\.html$/, ''));
	for (const path of pages) {
		await page.goto(`${origin}/${path}`);
		if (await page.evaluate(() => window.canary !== undefined || document.querySelector('main script, main iframe, main img, main [onerror], main [onload], main style') !== null))
			trouble.push(`${path}: something of a name is alive`);
	}
	check(`nothing of it comes alive on ${pages.length} pages`, trouble.length === 0 && pages.length > 8, trouble.slice(0, 5));
	await page.goto(`${origin}/${pages.find((path) => path.startsWith('runs/'))}`);
	const shown = await page.evaluate(() => [...document.querySelectorAll('.people li')].map((line) => line.textContent));
	const wrong = taken.filter((name, i) => shown[i] !== name);
	check('the page of the run shows each name as it was typed', shown.length === taken.length && wrong.length === 0, [shown.length, wrong.slice(0, 3)]);
	await page.goto(`${origin}${new URL(screen).pathname}host/`);
	await page.waitForFunction((count) => document.querySelectorAll('#recent li').length === count, LINES);
	const lines = await page.evaluate(() => [...document.querySelectorAll('#recent li b')].map((name) => name.textContent));
	check('and the host\'s page', JSON.stringify(lines) === JSON.stringify(taken.slice(-LINES).reverse()), lines.slice(0, 3));
	check('of which nothing comes alive either', trouble.length === 0, trouble);
});
