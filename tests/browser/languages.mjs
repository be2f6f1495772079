// SPDX-License-Identifier: ISC
// languages.mjs: a check-in in Arabic, from right to left: with a script and without, on a phone; the screen and the host's page; a form in
// German. Names stay as they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, comes, makeFolder, makeRun, openBrowser, openPage, root, run, start, turnout, zone } from './lib.mjs';

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const words = (language) => JSON.parse(readFileSync(join(root, `templates/messages/${language}.json`), 'utf8'));
const arabic = words('ar'), german = words('de');

/** Latin letters of `text` but for those in `own`: words that nobody translated. */
const latin = (text, own) => own.reduce((rest, each) => rest.replaceAll(each, ''), text).match(/[A-Za-z]{2,}/g) ?? [];

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site');
	turnout('init', '--db', db, '--name', 'نادي الميناء', '--zone', zone, '--language', 'ar', '--address', 'http://127.0.0.1:1');
	const open = makeRun(db, 'Track (مضمار)', -40, 60);
	turnout('calendar', 'rules', open.session_id, 'late_min', '5', '--db', db);
	turnout('publish', '--db', db, '--site', site);
	const browser = await openBrowser();
	if (!browser)
		return;
	const { origin } = await start(db, site);
	const screen = new URL(open.screen).pathname;
	const phone = (more = {}) => openPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'ar', ...more });

	async function checkAccess(sentence, page) {
		const { violations, passes } = await page.evaluate((values) => window.axe.run(document, { runOnly: { type: 'tag', values } }), wcag);
		check(`${sentence}: axe finds nothing`, violations.length === 0 && passes.length > 5,
			violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`));
		const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
		check(`${sentence}: nothing sticks out`, overflow <= 0, overflow);
	}

	// With a script.
	for (const colorScheme of ['light', 'dark']) {
		const page = await phone({ colorScheme }), name = `Zoë محمد ${colorScheme}`;
		await page.goto(`${origin}/R/#${open.token}`);
		await comes(`${colorScheme}: the scanned form says which run it is`, page.waitForFunction(() => document.querySelector('#for').textContent !== ''));
		const about = await page.innerText('#for');
		check(`${colorScheme}: the run's title is as it was written, apart from its surroundings`, about.startsWith('\u2068Track (مضمار)\u2069: '), about);
		check(`${colorScheme}: day and times are Arabic, with the digits of the code`, new RegExp(`${open.from.time} إلى ${open.to.time}$`).test(about)
			&& latin(about, ['Track']).length === 0, about);
		const text = await page.innerText('main');
		check(`${colorScheme}: no word of the form is English`, latin(text, ['Track']).length === 0, latin(text, ['Track']));
		await checkAccess(`${colorScheme}: the form`, page);
		await page.fill('#runner_name', name);
		await page.tap('#press');
		await comes(`${colorScheme}: one press, and the phone is in`, page.waitForSelector('#done', { state: 'visible' }));
		const told = await page.innerText('#told');
		check(`${colorScheme}: the server's sentence is Arabic, and says late`, told.startsWith('تم تسجيل حضورك يا') && told.includes('متأخرًا'), told);
		check(`${colorScheme}: the name is as it was typed`, await page.innerText('#name') === name);
		check(`${colorScheme}: the title too`, (await page.title()).startsWith(arabic.said_ok_title), await page.title());
		const done = await page.innerText('#done'), code = (await page.innerText('#shown')).match(/[0-9A-Z]{4}/)?.[0] ?? '';
		check(`${colorScheme}: no word of the success is English`, latin(done, [name, 'Track', code].filter(Boolean)).length === 0, latin(done, [name, 'Track', code].filter(Boolean)));
		await checkAccess(`${colorScheme}: success`, page);
		await page.tap('#undo');
		await comes(`${colorScheme}: taken back`, page.waitForFunction((start) => document.querySelector('#wait').textContent.startsWith(start), arabic.said_undone_name.split('{')[0]));
		await page.tap('#press');
		await page.waitForSelector('#done', { state: 'visible' });
		await page.goto('about:blank');
		await page.goto(`${origin}/R/#${open.session_id}`);
		await comes(`${colorScheme}: the same phone again is told in Arabic`, page.waitForFunction((title) => document.querySelector('#head').textContent === title, arabic.said_already_you_title));
		await page.tap('#again');
		await page.fill('#runner_name', name);
		await page.tap('#press');
		await comes(`${colorScheme}: a name that is taken is refused in Arabic`, page.waitForFunction((part) => document.querySelector('#refusal').textContent.includes(part), 'مسجّل منذ'));
		await checkAccess(`${colorScheme}: a refusal`, page);
		await page.route('**/api/register', (route) => route.abort());
		await page.tap('#press');
		await comes(`${colorScheme}: without an answer it says so in Arabic`, page.waitForFunction((start) => document.querySelector('#wait').textContent.startsWith(start), arabic.form_no_answer));
		await page.context().close();
	}

	// Without one.
	const plain = await phone({ javaScriptEnabled: false });
	await plain.goto(`${origin}/R/`);
	check('without a script the form is Arabic from right to left', await plain.locator('html').getAttribute('dir') === 'rtl' && (await plain.innerText('h1')) === arabic.check_in);
	await plain.fill('#runner_name', 'نور');
	await plain.fill('#code', 'no such code');
	await plain.tap('#press');
	await comes('a wrong code leads on', plain.waitForURL('**/R/code_unknown/'));
	check('and is answered in Arabic', (await plain.innerText('main')).includes(arabic.said_code_unknown) && plain.url().endsWith('/R/code_unknown/'), plain.url());
	check('on a page that says so', await plain.locator('html').getAttribute('lang') === 'ar' && await plain.locator('html').getAttribute('dir') === 'rtl');
	await plain.goto(`${origin}/R/`);
	await plain.fill('#runner_name', 'نور');
	await plain.fill('#code', open.session_id);
	await plain.tap('#press');
	await comes('a code that is right leads on', plain.waitForURL('**/R/ok/'));
	check('and success too', (await plain.innerText('main')).includes(arabic.said_ok) && plain.url().endsWith('/R/ok/'), plain.url());
	await plain.context().close();

	// The screen and the host.
	for (const [width, colorScheme] of [[390, 'dark'], [1280, 'light']]) {
		const page = await openPage(browser, { viewport: { width, height: 844 }, colorScheme });
		await page.goto(origin + screen);
		await page.waitForFunction(() => document.querySelector('#digits b').textContent !== '' && document.querySelector('.score .n').textContent === '3');
		const text = await page.innerText('main');
		const own = ['Track', 'QR', 'PNG', 'GMT', 'BST', 'F\n', await page.innerText('.address')];
		check(`the screen at ${width}: no word is English`, latin(text.replace(await page.innerText('.lead'), ''), own).length === 0, latin(text, own));
		const [head, tail] = await page.locator('#digits b').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().left));
		check(`the screen at ${width}: the digits stand in their order`, head < tail, [head, tail]);
		await checkAccess(`the screen at ${width}`, page);
		await page.goto(`${origin}${screen}host/`);
		await page.waitForFunction(() => document.querySelectorAll('#recent li').length === 3);
		const list = await page.innerText('main');
		check(`the host's page at ${width}: no word is English`, latin(list.replace(await page.innerText('.lead'), ''), ['Track', 'Zoë', 'light', 'dark']).length === 0,
			latin(list, ['Track', 'Zoë', 'light', 'dark']));
		check(`the host's page at ${width}: names are as they were typed`, list.includes('Zoë محمد light') && list.includes('نور'), list);
		await checkAccess(`the host's page at ${width}`, page);
		await page.context().close();
	}

	// Another language of the club, on the same phone.
	turnout('set', 'language', 'de', '--db', db);
	const page = await phone();
	await comes('the club turns German', page.goto(`${origin}/R/#${open.token}`).then(async () => {
		for (const end = Date.now() + 15000; await page.locator('html').getAttribute('lang') !== 'de'; await page.reload())
			if (Date.now() > end)
				throw new Error('the form stayed as it was');
	}));
	await page.fill('#runner_name', 'Jörg Weiß');
	await page.tap('#press');
	await comes('and so does the answer', page.waitForFunction((title) => document.querySelector('#head').textContent === title, german.said_ok_title));
	check('in its sentence', /^Eingecheckt, Jörg Weiß: Nummer 4 bei /.test(await page.innerText('#told')), await page.innerText('#told'));
});
