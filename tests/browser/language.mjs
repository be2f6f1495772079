// SPDX-License-Identifier: ISC
// language.mjs: pages in German, in Arabic and in the language that nobody speaks: accessible, valid, nothing too wide, nothing cut off, and
// the way from one language to another without a script.
import { join } from 'node:path';
import { check, checkAccess, checkMarkup, kindsOfPage, makeFolder, openBrowser, openPage, resize, run, start, turnout } from './lib.mjs';

/** The kinds of page that readers may have in another language; and reports, which are in the club's. */
const chosen = (pages) => Object.entries(pages).filter(([kind, path]) => !/^(screen|host|person|not-found|history-found|report)/.test(kind) && !path.includes('#'));
const reports = (pages) => Object.entries(pages).filter(([kind]) => kind.startsWith('report'));

/** Text that does not fit its box and is not seen, as far as a box cuts at all; and boxes wider than the window, but for what is in one that scrolls. */
const findCut = (page) => page.evaluate(() => {
	const found = [];
	for (const each of document.querySelectorAll('body *')) {
		const style = getComputedStyle(each), box = each.getBoundingClientRect();
		if (each.closest('.unseen, .skip, svg, .quarter') || each.parentElement.closest('.scroll') || box.width === 0)
			continue;
		if ((style.overflowX !== 'visible' && !each.matches('.scroll') && each.scrollWidth > each.clientWidth + 1) || (style.overflowY === 'hidden' && each.scrollHeight > each.clientHeight + 1))
			found.push(`cut: ${each.outerHTML.slice(0, 120)}`);
		if (box.right > document.documentElement.clientWidth + 1 || box.left < -1)
			found.push(`outside: ${each.outerHTML.slice(0, 120)}`);
	}
	const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
	return wide > 0 ? [`${wide} px too wide`, ...found] : found;
});

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site');
	turnout('init', '--demo', '--db', db, '--address', 'http://127.0.0.1:1');
	turnout('set', 'languages', 'de,ar,qps', '--db', db);
	turnout('publish', '--db', db, '--site', site);
	const pages = kindsOfPage(db, site), kinds = chosen(pages);
	const marked = ['de', 'ar'].flatMap((language) => kinds.map(([, path]) => join(site, 'public', language, path, 'index.html')));
	checkMarkup(`${marked.length} pages in German and Arabic`, marked, 20);

	const browser = await openBrowser();
	if (!browser)
		return;
	const { origin } = await start(db, site);
	const page = await openPage(browser, { reducedMotion: 'reduce' }), dates = [];

	/** Look at the page of `kind` at `address` in `language`, in each of `sizes`: [width, colour schemes, whether all of it must fit]. */
	async function look(kind, language, address, sizes) {
		await page.goto(address);
		const spoken = await page.getAttribute('html', 'lang');
		if (spoken !== language)
			check(`${kind}, ${language}: the page is in that language`, false, spoken);
		for (const [width, schemes, isWhole] of sizes) {
			await resize(page, width, 844);
			const cut = isWhole ? await findCut(page) : [];
			if (isWhole)
				check(`${kind}, ${language}, ${width}: nothing is too wide or cut off`, cut.length === 0, cut.slice(0, 5));
			if (width === 1280)
				dates.push(...await page.$$eval('.row .when', (all) => all.map((date) => [date.textContent, date.getBoundingClientRect().height / parseFloat(getComputedStyle(date).lineHeight)])));
			await checkAccess(`${kind}, ${language}, ${width}`, page, schemes, ['[lang=qps]']);	// no language, as axe knows
		}
	}

	for (const [language, sizes] of [['ar', [[390, ['light', 'dark'], true], [1280, ['light', 'dark'], false]]],
		['de', [[390, ['light'], true], [1280, ['dark'], false]]], ['qps', [[390, [], true]]]])
		for (const [kind, path] of kinds)
			await look(kind, language, `${origin}/${language}/${path}`, sizes);
	const broken = dates.filter(([, lines]) => lines > 1.7);
	check(`each of ${dates.length} dates in lists is on one line`, dates.length > 50 && broken.length === 0, broken.slice(0, 5));

	const own = { db: join(folder, 'own.db'), site: join(folder, 'own') };
	turnout('backup', own.db, '--db', db);
	turnout('set', 'languages', '', '--db', own.db);
	const { origin: ours } = await start(own.db, own.site);
	for (const [language, schemes] of [['de', []], ['qps', []], ['ar', ['light']]]) {
		turnout('set', 'language', language, '--db', own.db);
		turnout('publish', '--db', own.db, '--site', own.site);
		for (const [kind, path] of reports(pages))
			await look(kind, language, `${ours}/${path}`, [[390, schemes, true]]);
	}
	await page.context().close();

	const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
	await plain.goto(`${origin}/groups/`);
	await plain.click('a[hreflang=de]');
	check('a link leads to the same page in German, without a script', plain.url() === `${origin}/de/groups/` && await plain.textContent('h1') === 'Gruppen', plain.url());
	await plain.click('.tiles a');
	check('links there stay in the language', plain.url().startsWith(`${origin}/de/groups/`) && await plain.getAttribute('html', 'lang') === 'de', plain.url());
	await plain.click('a[hreflang=ar]');
	check('the page in Arabic reads from right to left', await plain.getAttribute('html', 'dir') === 'rtl'
		&& await plain.evaluate(() => document.querySelector('.club').getBoundingClientRect().left > innerWidth / 2));
	check('a Latin name in it is a word of its own', await plain.evaluate(() => getComputedStyle(document.querySelector('h1 bdi')).direction) === 'ltr');
	await plain.click('a[hreflang=en]');
	check('and a link leads back', !plain.url().includes('/ar/') && await plain.getAttribute('html', 'lang') === 'en', plain.url());
	await plain.goto(`${origin}/ar/no/such/page/`);
	check('an address of nothing leads to the languages too', await plain.getAttribute('a[hreflang=ar]', 'href') === '/ar/');
});
