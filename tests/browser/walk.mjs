// SPDX-License-Identifier: ISC
// walk.mjs: what people do, from an empty club to a name on the run's page: an admin, a screen, phones, a reader of the history.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { check, codeOf, comes, hasProgram, makeFolder, makeRun, openBrowser, run, skip, start, turnout, until, wallTime, zone } from './lib.mjs';

const group = 'Thursday Intervals', second = 'Café & <Friends>';
const FORM_BYTES = 14336;
const noise = [], foreign = [];
let is_down = false;

/** Note what the pages of `context` say on the console and ask of others than `origin`. */
function listen(context, origin) {
	context.on('console', (message) => {
		const text = `${message.type()}: ${message.text()} ${message.location().url}`;
		// Chromium itself reports each refusal and each lost request there.
		const is_refusal = /status of 4\d\d .*\/api\/(register|v1\/scans)$/.test(text), is_lost = is_down && /net::ERR_/.test(text);
		if (['error', 'warning'].includes(message.type()) && !is_refusal && !is_lost)
			noise.push(text);
	});
	context.on('weberror', (error) => noise.push(String(error.error())));
	context.on('request', (request) => {
		if (new URL(request.url()).origin !== origin)
			foreign.push(request.url());
	});
}

function decode(file) {
	return execFileSync('zbarimg', ['-q', '--raw', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site');
	const present = () => JSON.parse(turnout('status', '--db', db, '--json')).present;

	// The admin, at a desk.
	turnout('init', '--db', db, '--name', 'Test Club', '--zone', zone, '--address', 'http://127.0.0.1:1');
	turnout('set', 'visibility', 'name', '--db', db);
	turnout('publish', '--db', db, '--site', site);
	const open = makeRun(db, group, -10, 60), other = makeRun(db, second, -5, 60), over = makeRun(db, 'Early Birds', -200, -120);
	const off = makeRun(db, 'Long Run', -5, 90);
	turnout('calendar', 'cancel', off.date, '--group', 'Long Run', '--reason', 'Storm warning', '--db', db);
	const later = wallTime(40 * 24 * 60);
	turnout('calendar', 'add', '--db', db, '--group', group, '--date', later.date, '--start', '18:30', '--title', 'Hill Repeats');
	turnout('publish', '--db', db, '--site', site);
	const browser = await openBrowser();
	if (!browser)
		return;
	let server = await start(db, site);
	const { origin, port } = server, pathOf = (address) => address.replace(/^.*?\/R\//, '/R/');
	turnout('set', 'address', origin, '--db', db);
	const capability = new URL(open.screen).pathname;
	await until(async () => (await (await fetch(origin + capability)).text()).includes(`${new URL(origin).host}/R/`), 'the new address on the screen');

	const contexts = { screen: await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true }) };
	const phone = (more = {}) => browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'en-GB', ...more })
		.then((context) => {
			listen(context, origin);
			return context;
		});
	listen(contexts.screen, origin);

	// The screen beside the start.
	const screen = await contexts.screen.newPage();
	await screen.goto(origin + capability);
	await comes('the screen shows six digits to type', screen.waitForFunction(() => /^\d{3} *\d{3}$/.test(document.querySelector('#digits:not([hidden])')?.innerText.replace(/\D+/g, ' ').trim())));
	check('the screen shows the run and its start', (await screen.innerText('main')).includes(group) && (await screen.innerText('main')).includes(open.from.time));
	check('and nobody is here yet', await screen.innerText('.score .n') === '0');
	const [download] = await Promise.all([screen.waitForEvent('download'), screen.click('a[download]')]);
	await download.saveAs(join(folder, 'qr.png'));
	await screen.screenshot({ path: join(folder, 'screen.png') });
	const darkness = await contexts.screen.newPage();
	await darkness.emulateMedia({ colorScheme: 'dark' });
	await darkness.goto(origin + capability);
	await darkness.screenshot({ path: join(folder, 'dark.png') });
	await darkness.close();
	let { address } = codeOf(db, group, open.date), scanned = address;
	if (hasProgram('zbarimg')) {
		const [fromFile, fromScreen, fromDark] = ['qr.png', 'screen.png', 'dark.png'].map((name) => decode(join(folder, name)));
		const is_code = (text) => text.startsWith(`${origin.toUpperCase()}/R/#`) && text === text.toUpperCase();
		check('the QR on the photographed screen is an address in capitals, in the dark too', is_code(fromScreen) && is_code(fromDark), [fromScreen, fromDark]);
		check('the downloaded PNG is the poster: another code', is_code(fromFile) && fromFile === address.replace(/^.*#/, `${origin.toUpperCase()}/R/#`)
			&& fromFile !== fromScreen, [fromFile, address]);
		address = fromFile;
		scanned = fromScreen;
	} else {
		skip('reading the QR', 'zbarimg is not installed');
	}

	// A runner with a phone.
	contexts.anna = await phone();
	const anna = await contexts.anna.newPage(), bodies = [];
	const weigh = (response) => {
		if (['document', 'stylesheet', 'script'].includes(response.request().resourceType()))
			bodies.push(response.body());
	};
	anna.on('response', weigh);
	await anna.goto(scanned);
	anna.off('response', weigh);
	await comes('the scanned form says which run it is', anna.waitForFunction((words) => words.every((word) =>
		document.querySelector('#for').textContent.includes(word)), [group, open.from.time]));
	const sizes = await Promise.all(bodies), plain = sizes.reduce((sum, body) => sum + body.length, 0);
	const packed = sizes.reduce((sum, body) => sum + gzipSync(body).length, 0);
	console.log(`The form is ${plain} bytes of HTML, CSS and JavaScript, ${packed} by gzip.`);
	check('the form weighs at most 14 kB, as turnoutd packs it, and as a web server in front sends it that was given packed files', sizes.length === 3 && packed <= FORM_BYTES, [sizes.length, packed]);
	check('a scanned form does not ask for a code', await anna.isHidden('#code'));
	await anna.fill('#runner_name', 'Anna Ōkawa');
	await screen.evaluate(() => { window.is_same_page = true; });
	const before = await anna.title();
	await anna.tap('#press');
	await comes('one press, and the phone says that she is in', anna.waitForSelector('#done', { state: 'visible' }));
	const success = await anna.innerText('#done');
	check('success names the person, the run, its time and "You are number 1"', ['Anna Ōkawa', group, open.from.time, 'You are number 1.'].every((word) =>
		success.includes(word)), success);
	check('the focus is on the success', await anna.evaluate(() => document.activeElement.id === 'done'));
	check('the title of the page says it too', await anna.title() !== before && (await anna.title()).startsWith('You are in'), await anna.title());
	await comes('the count on the screen rises', screen.waitForFunction(() => document.querySelector('.score .n').textContent === '1'));
	check('without a reload', await screen.evaluate(() => window.is_same_page === true));
	await anna.reload();
	await comes('who loads the page again hears that she is in', anna.waitForFunction(() => document.querySelector('#head').textContent === 'You are already in'));
	await anna.click('#way');
	await until(async () => (await anna.innerText('main')).includes('Anna Ōkawa') || !await anna.reload(), 'the name on the page of the run');
	check('the page of the run shows the count and the name', await anna.innerText('.score .n') === '1' && (await anna.innerText('.people')) === 'Anna Ōkawa');

	// Again, and twice.
	contexts.bert = await phone();
	const bert = await contexts.bert.newPage();
	let lost = 0;
	await bert.route('**/api/register', async (route) => {
		if (lost++ > 0)
			return route.continue();
		is_down = true;
		await route.fetch();		// it arrives and is counted, and the answer is lost
		return route.abort();
	});
	await bert.goto(address);
	await bert.fill('#runner_name', 'Bert');
	await bert.dblclick('#press');
	await comes('an answer that was lost on the way is asked for again, by itself', bert.waitForSelector('#done', { state: 'visible' }));
	check('and the person counts once', (await bert.innerText('#told')) === 'You are number 2.' && present() === 2, [await bert.innerText('#told'), present()]);
	is_down = false;
	contexts.cleo = await phone();
	const cleo = await contexts.cleo.newPage();
	await cleo.route('**/api/register', async (route) => {
		is_down = true;
		await route.fetch();
		await route.abort();
	}, { times: 1 });
	await cleo.goto(address);
	await cleo.fill('#runner_name', 'Cleo');
	await cleo.tap('#press');
	await cleo.waitForFunction(() => document.querySelector('#wait').textContent.startsWith('No answer yet'));
	check('as long as there is no answer there is no success', await cleo.isHidden('#done') && !(await cleo.title()).startsWith('You are in'), await cleo.title());
	is_down = false;
	await cleo.reload();
	await comes('a phone that was reloaded before its answer asks for it by itself', cleo.waitForSelector('#done', { state: 'visible' }));
	check('and counts once', (await cleo.innerText('#told')) === 'You are number 3.' && present() === 3, [await cleo.innerText('#told'), present()]);

	contexts.dora = await phone();
	const dora = await contexts.dora.newPage();
	await dora.goto(address);
	await dora.fill('#runner_name', 'anna  ōkawa');
	await dora.tap('#press');
	await comes('the same name from another phone is refused with the sentence', dora.waitForFunction(() =>
		/^Anna Ōkawa has been on the list since \d\d:\d\d\. .* add a letter of your surname\.$/.test(document.querySelector('#refusal').textContent)));
	check('what was typed stays, and is marked', await dora.inputValue('#runner_name') === 'anna  ōkawa' && await dora.getAttribute('#runner_name', 'aria-invalid') === 'true');
	check('a refusal is no success', await dora.isHidden('#done') && present() === 3, present());

	await anna.goto(origin + pathOf(codeOf(db, second, other.date).address));
	check('the phone remembers the name', await anna.inputValue('#runner_name') === 'Anna Ōkawa' && await anna.isVisible('#forget'));
	await anna.tap('#press');
	await comes('so that the next visit takes one tap', anna.waitForSelector('#done', { state: 'visible' }));
	check('a group with markup in its name is shown as it is written', (await anna.innerText('#run')) === `\u2068${second}\u2069`, await anna.innerText('#run'));

	// Without a camera, without JavaScript.
	const digits = (await screen.innerText('#digits')).replace(/\D/g, '');
	await dora.goto(`${origin}/R/`);
	check('without a code in the address the form asks for one', await dora.isVisible('#code'));
	await dora.fill('#runner_name', 'Dora');
	await dora.fill('#code', `${digits.slice(0, 3)} ${digits.slice(3)}`);
	await dora.tap('#press');
	await comes('the digits of the screen can be typed', dora.waitForSelector('#done', { state: 'visible' }));
	check('and lead to the same run', (await dora.innerText('#done')).includes(group) && (await dora.innerText('#told')) === 'You are number 4.', await dora.innerText('#done'));

	contexts.plain = await phone({ javaScriptEnabled: false });
	const plainPhone = await contexts.plain.newPage();
	await plainPhone.goto(`${origin}/R/`);
	await plainPhone.fill('#runner_name', 'Emil');
	await plainPhone.fill('#code', codeOf(db, group, open.date).digits);
	await plainPhone.click('#press');
	await plainPhone.waitForURL(`${origin}/R/*/`);
	check('without JavaScript the form leads to the generated page that says so', plainPhone.url() === `${origin}/R/ok/` && await plainPhone.innerText('h1') === 'You are in', plainPhone.url());
	check('and the person is entered', present() === 6, present());
	await plainPhone.goto(`${origin}/R/`);
	await plainPhone.fill('#runner_name', 'Emil');
	await plainPhone.fill('#code', '000000000000');
	await plainPhone.click('#press');
	await plainPhone.waitForURL(`${origin}/R/*/`);
	check('and a wrong code to the page that refuses it', (await plainPhone.innerText('main')).includes('We do not know this code.'), plainPhone.url());
	check('which leads to what is open', await plainPhone.locator('main a', { hasText: group }).count() === 1, await plainPhone.innerText('main'));

	// Refusals.
	const visitor = await contexts.dora.newPage();
	for (const [what, path, sentence] of [
		['a run that is over', `/R/#${over.session_id}`, /^Check-in closed (at|on) .*\d\d:\d\d\. Ask the host to add you\.$/],
		['a cancelled run', `/R/#${off.session_id}`, /^.+ is cancelled: Storm warning\.$/],
		['an unknown code', '/R/#0000000000', /^We do not know this code\.|^We do not know this number\./],
	]) {
		await visitor.goto('about:blank');
		await visitor.goto(origin + path);
		const shown = () => visitor.waitForFunction((text) => new RegExp(text).test(document.querySelector('#refusal').textContent), sentence.source);
		await comes(`${what} is refused before anything is typed`, shown());
		if (what !== 'an unknown code')
			check(`${what}: it says which one`, (await visitor.innerText('#for')).length > 10, await visitor.innerText('#for'));
		await visitor.fill('#runner_name', 'Fred');
		if (await visitor.isVisible('#code'))
			await visitor.fill('#code', path.slice(4));
		await Promise.all([visitor.waitForResponse(/register$/), visitor.tap('#press')]);
		await comes(`${what} is refused when it is sent all the same`, shown());
	}
	check('nobody was entered by it', present() === 6, present());

	// The count that follows: conditional, slower when hidden, honest about its age. Time is the test's.
	contexts.reader = await phone();
	const reader = await contexts.reader.newPage(), wire = await contexts.reader.newCDPSession(reader);
	await wire.send('Network.enable');
	const asked = new Map(), statuses = [];
	wire.on('Network.requestWillBeSent', ({ requestId, request }) => asked.set(requestId, request.url));
	wire.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => statuses.push([requestId, statusCode]));
	const liveStatuses = () => statuses.filter(([id]) => asked.get(id)?.includes('/live/')).map(([, status]) => status);
	const live = (message) => message.url().includes('/live/');
	let polls = 0;
	reader.on('request', (request) => { polls += live(request); });
	await reader.clock.install();
	const runPath = (await (await fetch(`${origin}/api/qr/validate/${open.session_id}`)).json()).run.address;
	const answered = reader.waitForEvent('requestfinished', live);
	await reader.goto(`${origin}/${runPath}`);
	await answered;
	await reader.clock.pauseAt(Date.now() + 2000);
	const next = async (ms) => {
		const done = reader.waitForEvent('requestfinished', live);
		await reader.clock.runFor(ms);
		return (await done).allHeaders();
	};
	const headers = await next(3000);
	check('three seconds later the count is asked for with If-None-Match', headers['if-none-match']?.startsWith('"'), headers);
	await until(() => liveStatuses().length >= 2, 'the second answer');
	check('and answered with 304 when nothing has changed', liveStatuses().at(-1) === 304, liveStatuses());
	const hide = (is_hidden) => reader.evaluate((value) => {
		Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
		document.dispatchEvent(new Event('visibilitychange'));
	}, is_hidden);
	await hide(true);
	await next(3000);
	const seen = polls;
	await reader.clock.runFor(29000);
	check('a hidden page does not ask for half a minute', polls === seen, polls - seen);
	await next(2000);
	check('and then once', polls === seen + 1, polls - seen);
	const shownAgain = reader.waitForEvent('requestfinished', live);
	await hide(false);
	await comes('shown again, it asks at once', shownAgain);

	// The server is gone in the middle of a check-in.
	contexts.gina = await phone();
	const gina = await contexts.gina.newPage();
	await gina.goto(address);
	await gina.fill('#runner_name', 'Gina');
	is_down = true;
	await server.stop();
	await gina.tap('#press');
	await comes('without a server the phone says that there is no answer, and goes on by itself', gina.waitForFunction(() =>
		/^No answer yet: trying again in \d+ s\. No need to press again\.$/.test(document.querySelector('#wait').textContent)));
	check('and does not claim success', await gina.isHidden('#done') && !(await gina.innerText('body')).includes('You are in'));
	const failed = reader.waitForEvent('requestfailed', live);
	await reader.clock.runFor(3000);
	await failed;
	await reader.clock.runFor(12000);
	await comes('the live count shows its age', reader.waitForFunction(() => /^No contact for \d+ s: the number may be out of date\.$/.test(document.querySelector('.age').textContent)));
	await gina.waitForFunction(() => document.querySelector('#wait').textContent.startsWith('Trying again') ||
		document.querySelector('#press').getAttribute('aria-disabled') === 'true');
	server = await start(db, site, port);
	await comes('when the server is back the same press succeeds', gina.waitForSelector('#done', { state: 'visible', timeout: 60000 }));
	check('with the next number, entered once', (await gina.innerText('#told')) === 'You are number 6.' && present() === 7, [await gina.innerText('#told'), present()]);
	await comes('and the screen catches up', screen.waitForFunction(() => document.querySelector('.score .n').textContent === '6', null, { timeout: 60000 }));
	// A second at a time until it asks: while the answer is on its way the clock stands still, for ten seconds of it would call it off.
	const asks = polls, back = reader.waitForEvent('requestfinished', live);
	for (let i = 0; i < 60 && polls === asks; i++)
		await reader.clock.runFor(1000);
	await back;
	let age = await reader.textContent('.age');
	for (let i = 0; i < 30 && age !== ''; i++) {
		await reader.clock.runFor(1000);
		age = await reader.textContent('.age');
	}
	check('and the age is gone', age === '', age);
	is_down = false;

	// Who reads afterwards.
	const member = await contexts.anna.newPage();
	await member.goto(`${origin}/`);
	check('the home page leads to the form from both runs that are open', await member.locator('a.button[href="R/"]').count() === 2);
	await member.locator('a.button').first().click();
	check('which asks for the code, for who reads it at home has not seen any', await member.isVisible('#code') && await member.inputValue('#code') === '');
	await member.goBack();
	await member.click('nav >> text=History');
	check('the history lists what is over', (await member.innerText('main')).includes('Early Birds'));
	await member.click('main table >> text=Early Birds');
	check('and leads to the run', await member.innerText('h1') === 'Early Birds');
	await member.click('nav.pager a:not([rel])');
	check('a run leads to its month', member.url().includes(`/calendar/${over.from.date.slice(0, 7)}/`), member.url());
	for (let i = 0; i < 3 && !member.url().includes(later.date.slice(0, 7)); i++)
		await member.click('a[rel=next]');
	await member.click('main >> text=Hill Repeats');
	check('and month after month leads to what is planned', await member.innerText('h1') === 'Hill Repeats');
	await member.click('text=Groups');
	await member.click(`main >> text=${group}`);
	check('a group lists its runs', (await member.innerText('main')).includes('Hill Repeats'));

	check('nothing was asked of anybody else', foreign.length === 0, foreign);
	check('the browser had nothing to complain about', noise.length === 0, noise);
});
