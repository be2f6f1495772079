// SPDX-License-Identifier: ISC
// quality.mjs: every kind of page of the demo club: valid, accessible, narrow enough, without a dead link, and readable as plain text.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { check, checkAccess, checkMarkup, comes, hasProgram, kindsOfPage, makeFolder, openBrowser, openPage, resize, run, skip, start, turnout } from './lib.mjs';

/** All files below `folder`. */
function filesOf(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
		entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)]);
}

function decodeEntities(text) {
	return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

/** Each link and each anchor in `site` leads to something; the page itself is at `address`. */
function checkLinks(site, address) {
	const known = new Map(), dead = [];
	let count = 0;
	const fileOf = (url) => {
		const path = decodeURIComponent(url.pathname).replace(/\/$/, '/index.html');
		return ['public', 'private'].map((part) => join(site, part, path)).find((file) => existsSync(file) && statSync(file).isFile());
	};
	const textOf = (file) => known.get(file) ?? known.set(file, readFileSync(file, 'utf8')).get(file);
	for (const file of filesOf(site).filter((name) => name.endsWith('.html'))) {
		const path = relative(site, file).replace(/^(public|private)\//, ''), page = new URL(path, `${address}/`);
		for (const [, value] of textOf(file).matchAll(/\s(?:href|src|action|data-live)="([^"]*)"/g)) {
			const url = new URL(decodeEntities(value), page);
			if (url.origin !== page.origin || url.pathname === '/api/register')
				continue;
			count++;
			const target = fileOf(url), anchor = decodeURIComponent(url.hash.slice(1));
			const is_code = url.pathname === '/R/';		// behind # the form takes a code
			if (!target || (anchor !== '' && !is_code && !textOf(target).includes(` id="${anchor}"`)))
				dead.push(`${path} -> ${value}`);
		}
	}
	check(`each of ${count} links, sources and anchors leads to a file of the site`, count > 1000 && dead.length === 0, dead.slice(0, 10));
	const outside = filesOf(site).filter((name) => name.endsWith('.html')).filter((name) => /\s(?:href|src|action)="(?:https?:)?\/\//.test(textOf(name)));
	check('no page refers to another host', outside.length === 0, outside.slice(0, 5));
}

/** Pages read in a terminal: each its heading, a run its count. */
function checkText(site, pages) {
	if (!hasProgram('w3m')) {
		skip('pages as plain text', 'w3m is not installed');
		return;
	}
	for (const [kind, path] of Object.entries(pages)) {
		const file = ['public', 'private'].map((part) => join(site, part, path.replace(/#.*/, '').replace(/(^|\/)$/, '$1index.html'))).find(existsSync);
		const html = readFileSync(file, 'utf8'), heading = decodeEntities(/<h1[^>]*>(?:<bdi>)?([^<]*)/.exec(html)[1]);
		const text = execFileSync('w3m', ['-dump', '-cols', '100', '-I', 'UTF-8', '-O', 'UTF-8', '-T', 'text/html', file], { encoding: 'utf8' });
		const count = /<p class="big"><b[^>]*>(\d+)<\/b>/.exec(html)?.[1];
		check(`${kind}: w3m shows the heading${count === undefined ? '' : ' and the count'}`, text.includes(heading) &&
			(count === undefined || new RegExp(`\\b${count} (came|here)\\b`).test(text)), [heading, count, text.slice(0, 300)]);
		if (['run-past', 'run-open'].includes(kind))
			check(`${kind}: there is a count to show`, Number(count) > 0, count);
	}
}

/** What charts draw is what their tables and sentences say, and what the calendar knows. */
function checkCharts(db, site, pages) {
	const read = (path) => readFileSync(join(site, 'public', path, 'index.html'), 'utf8');
	const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
	const numbersOf = (text, pattern) => [...text.matchAll(pattern)].map(([, number]) => Number(number));
	const runs = JSON.parse(turnout('calendar', 'list', '--db', db, '--json', '--from', '2000-01-01', '--to', '2099-12-31'));
	const past = runs.filter(({ state }) => state === 'closed');

	const run = read(pages['run-past']), count = Number(/<p class="big"><b>(\d+)/.exec(run)[1]);
	const rows = [...run.matchAll(/<tr><th scope="row">\d\d:\d\d<\/th><td class="n">(\d+)<\/td><td class="n">(\d+)<\/td><\/tr>/g)];
	check('run-past: each step of the line is a row of its table, and they add up to the count', rows.length > 1
		&& String(rows.map(([, number]) => number)) === String(numbersOf(run, /l5 -(\d+)/g)) && Number(rows.at(-1)[2]) === count
		&& sum(rows.map(([, number]) => Number(number))) === count, [count, rows.map(([row]) => row)]);

	const home = read(''), total = Number(/<figcaption><b>([\d,]+)<\/b> came/.exec(home)?.[1].replace(',', '')), last = past.at(-1).date;
	const first = `${Number(last.slice(0, 4)) - (last.slice(5, 7) === '12' ? 0 : 1)}-${String(Number(last.slice(5, 7)) % 12 + 1).padStart(2, '0')}`;
	check('home: the bars are those who came in the year to the latest run', total > 0 && sum(numbersOf(home, /v-(\d+)h/g)) === total
		&& total === sum(past.filter(({ date }) => date >= first).map(({ came }) => came)), [total, first]);

	const place = read(pages.place), name = /<h1><bdi>([^<]*)<\/bdi><\/h1>/.exec(place)[1], [times, came] = [...place.matchAll(/<li><b>([\d,]+)<\/b>/g)].map(([, number]) => Number(number.replace(',', '')));
	const here = past.filter((each) => each.place === name);
	check('place: how often and how many is what the calendar says', times === here.length && came === sum(here.map((each) => each.came)), [name, times, came]);
}

/** A dark scheme changes colours alone, so that checkAccess need not look for anything else there. */
function checkDark(site) {
	const asks = filesOf(site).filter((name) => /\.(html|css|js|svg)$/.test(name)).map((name) => readFileSync(name, 'utf8')).filter((text) => text.includes('prefers-color-scheme'));
	const rests = asks.map((text) => text.replace(/@media \(prefers-color-scheme: dark\) \{\s*:root \{(\s*--[\w-]+: #[0-9a-f]{3,6};)+\s*\}\s*\}/g, ''));
	check('in the dark colours alone are other ones', asks.length > 0 && rests.every((text) => !text.includes('prefers-color-scheme')), rests.map((text) => text.match(/.{0,40}prefers-color-scheme.{0,80}/s)?.[0]));
}

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site'), address = 'http://127.0.0.1:1';
	turnout('init', '--demo', '--db', db, '--address', address);
	turnout('publish', '--db', db, '--site', site);
	const pages = kindsOfPage(db, site);
	const marked = filesOf(site).filter((file) => /\.(html|css|svg)$/.test(file));
	checkMarkup(`${marked.length} pages, styles and pictures`, marked, 100);
	checkLinks(site, address);
	checkText(site, pages);
	checkCharts(db, site, pages);
	checkDark(site);

	const browser = await openBrowser();
	if (!browser)
		return;
	const { origin } = await start(db, site);
	const schemes = ['light', 'dark'], sizes = [[390, 844], [1280, 800]];

	/** How many pixels the page is wider than its window. */
	const overflowOf = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

	/** Bars that are to be seen, by kind of page, and those of them that have a width or a height of nothing. */
	const flat = [];
	let bars = 0;
	async function lookAtBars(kind, page) {
		const [all, none] = await page.$$eval('svg rect', (rects) => {
			const meant = rects.filter((rect) => rect.checkVisibility() && ['width', 'height'].every((side) => parseFloat(rect.getAttribute(side) ?? 1) > 0));
			return [meant.length, meant.filter((rect) => Math.min(rect.getBoundingClientRect().width, rect.getBoundingClientRect().height) === 0).length];
		});
		bars += all;
		if (none > 0)
			flat.push(`${kind}: ${none} of ${all}`);
	}

	const all = await openPage(browser, { reducedMotion: 'reduce' });
	for (const [kind, path] of Object.entries(pages)) {
		await all.goto('about:blank');
		const answer = await all.goto(`${origin}/${kind === 'not-found' ? 'no/such/page/' : path}`);
		if (answer.status() !== (kind === 'not-found' ? 404 : 200))
			check(`${kind}: the page is there`, false, answer.status());
		if (kind === 'form-scanned')
			await all.waitForFunction(() => document.querySelector('#for').textContent !== '');
		if (kind === 'history-found')
			await all.waitForSelector('#found tbody tr');
		for (const [width, height] of sizes) {
			await resize(all, width, height);
			await lookAtBars(kind, all);
			await checkAccess(`${kind}, ${width}`, all, schemes);
		}
	}
	await all.context().close();

	for (const [width, height] of sizes) {
		const page = await openPage(browser, { viewport: { width, height }, reducedMotion: 'reduce' });
		// What the form says: a refusal, a success, a wait.
		const name = `Quality ${width}`;
		await page.goto(`${origin}/${pages['form-scanned']}`);
		await page.fill('#runner_name', name);
		await page.click('#press');
		await page.waitForSelector('#done', { state: 'visible' });
		await checkAccess(`form after success, ${width}`, page, schemes);
		for (const colorScheme of schemes) {
			await page.emulateMedia({ colorScheme });
			const overflow = await overflowOf(page);
			check(`form after success, ${width}, ${colorScheme}: nothing sticks out`, overflow <= 0, overflow);
		}
		await page.click('#again');
		await page.fill('#runner_name', name);
		await page.click('#press');
		await page.waitForFunction(() => document.querySelector('#refusal').textContent !== '');
		await checkAccess(`form after a refusal, ${width}`, page, schemes);
		await page.route('**/api/register', (route) => route.abort());
		await page.click('#press');
		await page.waitForFunction(() => document.querySelector('#wait').textContent.startsWith('No answer yet'));
		await checkAccess(`form without an answer, ${width}`, page, schemes);
		await page.context().close();
	}

	// What a picture would show: the legend of a grid, and lists on paper.
	const look = await openPage(browser, { viewport: { width: 390, height: 844 } });
	await look.goto(`${origin}/${pages['report-year']}`);
	const legend = await look.$$eval('.legend.marks i[class]', (items) => items.map((item) => [item, document.querySelector(`.grid td.${item.className}`)]
		.map((each) => each && ['backgroundColor', 'backgroundImage'].map((name) => getComputedStyle(each)[name]).join(' '))));
	check('the legend of the grid looks as its cells', legend.length === 3 && legend.every(([item, cell]) => item === cell), legend);
	await look.emulateMedia({ media: 'print' });
	check('on paper the names in a table have their lines', await look.$$eval('.figures tbody th', (cells) => cells.length > 5
		&& cells.every((cell) => getComputedStyle(cell).position === 'static' && getComputedStyle(cell).backgroundColor === 'rgba(0, 0, 0, 0)')));
	const stripes = await look.$$eval('.grid td[class]', (cells) => [cells.length, cells.filter((cell) => /repeating/.test(getComputedStyle(cell).backgroundImage)).length]);
	check('and no stripes, which Chromium prints for minutes', stripes[0] > 10 && stripes[1] === 0, stripes);
	await comes('a report is printed', Promise.race([look.pdf({ preferCSSPageSize: true }), new Promise((_, late) => setTimeout(late, 60000, 'not in a minute').unref())]));
	await resize(look, 690, 1000);
	await look.goto(`${origin}/`);
	const broken = await look.$$eval('.row .when', (dates) => dates.filter((date) => date.getBoundingClientRect().height > 1.7 * parseFloat(getComputedStyle(date).fontSize)).length);
	check('on paper each date is on one line', broken === 0, broken);
	check('and no heading is torn in two', await look.$$eval('h2', (heads) => heads.length > 2 && heads.every((head) => getComputedStyle(head).breakInside === 'avoid')));
	await look.emulateMedia({ media: 'screen' });
	await resize(look, 390, 844);
	await look.goto(`${origin}/${pages.month}`);
	const [pill, slot] = await look.$$eval('.month .today > :is(.now, .slot)', (boxes) => boxes.slice(0, 2).map((box) => box.getBoundingClientRect()));
	check('what today has stands close below the word', slot.top - pill.bottom < 12, [pill.bottom, slot.top]);
	await look.goto(`${origin}/${pages.place}`);
	const gaps = await look.$$eval('.data tbody tr', (rows) => rows.map((row) => {
		const text = document.createRange();
		text.selectNodeContents(row.lastElementChild);
		return row.getBoundingClientRect().right - text.getBoundingClientRect().right;
	}));
	check('the last number of a row ends where its line does', gaps.length > 0 && gaps.every((gap) => Math.abs(gap) < 1), gaps);
	await look.context().close();

	check(`each of ${bars} bars can be seen`, bars > 100 && flat.length === 0, flat);

	const narrow = await browser.newContext({ viewport: { width: 320, height: 256 } });
	const page = await narrow.newPage();
	for (const [kind, path] of Object.entries(pages)) {
		await page.goto(`${origin}/${kind === 'not-found' ? 'no/such/page/' : path}`);
		const overflow = await overflowOf(page);
		check(`${kind}: no sideways scroll at 320 px, which is 1280 px at 400 %`, overflow <= 0, overflow);
	}

	// The same club when every name is one word of 60 letters.
	const long = { db: join(folder, 'long.db'), site: join(folder, 'long') }, word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunte'.slice(0, 58);
	turnout('backup', long.db, '--db', db);
	execFileSync('sqlite3', [long.db, ['"group"', 'place', 'person'].map((table) => `UPDATE ${table} SET name = '${word}' || id % 90;`).join('')
		+ `UPDATE club SET name = '${word}'; UPDATE run SET title = '${word}', reason = iif(reason = '', '', '${word}'); UPDATE place SET address = '${word}';`]);
	turnout('publish', '--db', long.db, '--site', long.site);
	const server = await start(long.db, long.site);
	const wide = [[320, 256], ...sizes].map(([width, height]) => ({ width, height, kinds: [] }));
	for (const [kind, path] of Object.entries(pages)) {
		await page.goto(`${server.origin}/${kind === 'not-found' ? 'no/such/page/' : path}`);
		for (const { width, height, kinds } of wide) {
			await resize(page, width, height);
			if (await overflowOf(page) > 0)
				kinds.push(kind);
			if (kind === 'screen' && width === 1280)
				check('the count is on the screen, however long the title is', await page.$eval('.score', (score) => score.getBoundingClientRect().bottom <= innerHeight));
		}
	}
	for (const { width, kinds } of wide)
		check(`no page is wider than ${width} px when names are words of 60 letters`, kinds.length === 0, kinds);
});
