// SPDX-License-Identifier: ISC
// history.mjs: finding runs in the history: by words, group and time, from the site's own files, with the keyboard, and without a script.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, comes, makeFolder, openBrowser, run, start, turnout, wallTime } from './lib.mjs';

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site');
	turnout('init', '--demo', '--db', db, '--address', 'http://127.0.0.1:1');
	// A run keeps the zone that the club had.
	const away = 'Asia/Kolkata', home = turnout('set', 'zone', '--db', db).trim();
	turnout('set', 'zone', away, '--db', db);
	turnout('calendar', 'add', '--db', db, '--group', 'Tuesday Social', '--date', wallTime(-7 * 24 * 60).date, '--start', '07:00', '--title', 'Faraway');
	turnout('set', 'zone', home, '--db', db);
	turnout('publish', '--db', db, '--site', site);
	const browser = await openBrowser();
	if (!browser)
		return;
	const { origin } = await start(db, site);
	const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'de-DE' });
	const page = await context.newPage(), asked = [];
	page.on('request', (request) => asked.push(new URL(request.url())));
	const status = page.locator('#found [role=status]'), rows = page.locator('#found tbody tr');
	const said = (pattern) => page.waitForFunction((source) => new RegExp(source).test(document.querySelector('#found [role=status]').textContent), pattern);

	await page.goto(`${origin}/history/`);
	const month = await page.locator('#newest h2').textContent(), newest = await page.locator('.find').getAttribute('data-month');
	const years = [newest.slice(0, 4) - 1, newest.slice(0, 4)].map((year) => join(site, 'public', 'history', `${year}.json`));
	const past = years.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).runs).filter(({ present, date }) => present !== null && date.slice(0, 7) > `${newest.slice(0, 4) - 1}${newest.slice(4)}`);
	const social = past.filter(({ group }) => group === 'Tuesday Social'), came = social.reduce((all, { present, late }) => all + present + late, 0);

	check('with a script there is a form, and nothing is fetched before it is used', await page.isVisible('.find') && !asked.some(({ pathname }) => pathname.endsWith('.json')));
	await page.keyboard.press('Tab');
	await page.focus('.find input');
	await page.keyboard.type('tuesday');
	await comes('words typed find the runs of the last twelve months, with their number and sum', said(`^${social.length} found, ${came} came in all\\.$`));
	check('each a row with its page', await rows.count() === social.length && (await page.goto(await rows.first().locator('a').evaluate(({ href }) => href))).ok());
	await page.goBack();
	await comes('back again, what was found is there', said(`^${social.length} found`));
	check('since the address has it', new URL(page.url()).hash === '#words=tuesday' && await page.inputValue('.find input') === 'tuesday', page.url());
	check('and the month is not', !await page.isVisible('#newest'));

	const december = social.filter(({ date }) => date.slice(5, 7) === '12');
	await page.fill('.find input', 'TÚE dec');
	await comes('parts of words, in any case and with any accent', said(`^${december.length} found`));
	await page.fill('.find input', 'no such thing');
	await comes('what is not there is said', said('^Nothing was found'));
	check('with an empty table', await rows.count() === 0);
	await page.fill('.find input', 'faraway');
	await comes('a run in another zone than the club’s is found', said('^1 found'));
	check('and names its zone', (await rows.locator('.when').textContent()).endsWith(`, 07:00 \u2068${away}\u2069`), await rows.locator('.when').textContent());
	await page.fill('.find input', '');
	await page.selectOption('.find [name=group]', 'Tuesday Social');
	await comes('a group is found by choosing it', said(`^${social.length} found`));
	check('no run in the club’s own zone names it', await rows.count() > 1 && !(await page.textContent('#found tbody')).includes(home));
	await page.selectOption('.find [name=when]', String(newest.slice(0, 4) - 1));
	const before = JSON.parse(readFileSync(years[0], 'utf8')).runs.filter(({ group }) => group === 'Tuesday Social').length;
	await comes('in a year too', said(`^${before} found`));
	await page.click('#found button');
	await comes('one press shows the month again', page.waitForFunction((month) => location.hash === '' && document.querySelector('#found').hidden
		&& !document.querySelector('#newest').hidden && document.querySelector('.find [name=group]').value === ''
		&& document.querySelector('#newest h2').textContent === month, month));

	await context.route('**/history/*.json', (route) => route.abort());
	await page.goto('about:blank');
	await page.goto(`${origin}/history/#words=track`);
	await comes('when the files cannot be had a sentence says what to do', said('could not be loaded.* look by month or by group'));
	check('and the page asks nobody but its own site', asked.every(({ origin: from, protocol }) => from === origin || protocol === 'about:'), asked.map(String));

	const plain = await browser.newContext({ javaScriptEnabled: false });
	const bare = await plain.newPage();
	await bare.goto(`${origin}/history/`);
	check('without a script there is no form, but the ways by month and by group', !await bare.isVisible('.find') && await bare.isVisible('#ways'));
	await bare.click('#by-group a >> text=Tuesday Social');
	await bare.click('.chips a >> nth=0');
	check('which lead to all runs of a group in a year', /^Tuesday Social, \d{4}$/.test(await bare.textContent('h1')) && await bare.locator('tbody tr').count() > 10);
});
