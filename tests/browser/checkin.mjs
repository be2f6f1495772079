// SPDX-License-Identifier: ISC
// checkin.mjs: changing codes, receipts, late delivery, codes for one person, lists, positions, undoing, checking out: as a phone, eight
// screens and the host see them.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, codeOf, comes, hasProgram, makeFolder, makeRun, openBrowser, run, skip, start, turnout, until, zone } from './lib.mjs';

const INTERVAL_S = 10, PLACE = { latitude: 51.5033, longitude: -0.1196, accuracy: 8 };

await run(async () => {
	const folder = makeFolder(), db = join(folder, 'club.db'), site = join(folder, 'site');
	const rule = (group, key, value) => turnout('calendar', 'rules', 'today', key, value, '--group', group, '--db', db);
	const present = () => JSON.parse(turnout('status', '--db', db, '--json')).present;

	turnout('init', '--db', db, '--name', 'Test Club', '--zone', zone, '--address', 'http://127.0.0.1:1');
	turnout('set', 'visibility', 'name', '--db', db);
	const runs = Object.fromEntries(['Track', 'Lecture', 'Choir', 'Hills', 'Council'].map((group) => [group, makeRun(db, group, -10, 60,
		...group === 'Council' ? ['--closed'] : [])]));
	rule('Track', 'interval_s', INTERVAL_S);
	rule('Track', 'has_check_out', 'yes');
	rule('Lecture', 'is_single', 'yes');
	turnout('place', 'add', 'Track side', '--latitude', String(PLACE.latitude), '--longitude', String(PLACE.longitude), '--radius', '100', '--db', db);
	for (const group of ['Hills', 'Choir'])
		turnout('calendar', 'move', 'today', '--group', group, '--place', 'Track side', '--db', db);
	rule('Hills', 'position', 'refused');
	rule('Choir', 'position', 'pending');
	turnout('person', 'add', 'Zoë Quartermaine', 'Zora Quist', 'Adam Zork', '--group', 'Council', '--db', db);
	turnout('publish', '--db', db, '--site', site);

	const browser = await openBrowser();
	if (!browser)
		return;
	if (!hasProgram('zbarimg')) {
		skip('codes read from screens', 'zbarimg is not installed');
		return;
	}
	const { origin } = await start(db, site);
	turnout('set', 'address', origin, '--db', db);
	const screenOf = (group) => new URL(runs[group].screen).pathname;
	await until(async () => (await (await fetch(origin + screenOf('Track'))).text()).includes(`${new URL(origin).host}/R/`), 'the new address on the screens');
	const validity = async (address) => (await (await fetch(`${origin}/api/qr/validate/${address.replace(/.*#/, '')}`)).json()).code;
	const phone = async (more = {}) => (await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, locale: 'en-GB', ...more })).newPage();
	const checkIn = async (page, name) => {
		await page.fill('#runner_name', name);
		await page.tap('#press');
	};
	const isIn = (page) => page.waitForSelector('#done', { state: 'visible' });
	const isRefused = (page, pattern) => page.waitForFunction((text) => new RegExp(text).test(document.querySelector('#refusal').textContent), pattern.source);

	// Eight displays, their clocks off by up to a minute, some of them reloaded.
	const displays = [];
	for (let i = 0; i < 8; i++) {
		const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
		await page.clock.install({ time: Date.now() + [0, 60, -60, 30, -30, 59, -59, 1][i] * 1000 });
		await page.goto(origin + screenOf('Track'));
		displays.push(page);
	}
	const paths = () => Promise.all(displays.map((page) => page.evaluate(() => document.querySelector('#code path').getAttribute('d'))));
	const agree = async (than) => {
		const shown = await paths();
		return shown.every((path) => path !== '' && path === shown[0]) && shown[0] !== than;
	};
	await until(() => agree(''), 'the same code on eight displays');
	const [first] = await paths();
	await until(() => agree(first), 'the next code on eight displays', 2 * INTERVAL_S * 1000, 500);
	check('eight displays with clocks off by up to a minute show the same code, and move on to the same next one', true);
	await Promise.all(displays.filter((_, i) => i % 2).map((page) => page.reload()));
	await until(() => agree(first), 'the same code after reloads');
	check('reloaded ones too', true);
	await Promise.all(displays.map((page) => page.context().close()));

	// A good scan is not refused because of a long name or a network that is gone.
	const scannable = async (group) => {		// what a camera reads, from the picture beside the page
		const file = join(folder, 'code.png');
		writeFileSync(file, Buffer.from(await (await fetch(`${origin}${screenOf(group)}code.png`)).arrayBuffer()));
		return execFileSync('zbarimg', ['-q', '--raw', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
	};
	const slow = await phone(), away = await phone(), code = await scannable('Track');
	await slow.goto(code);
	await comes('opening the form trades the code for a receipt', slow.waitForFunction(() => sessionStorage.getItem('turnout-receipt')));
	await away.goto(`${origin}/R/`);
	await away.context().setOffline(true);
	await away.evaluate((hash) => { location.hash = hash; }, code.replace(/.*#/, '#'));
	await checkIn(away, 'Olga Offline');
	await comes('a phone without network says so and keeps what was typed', away.waitForFunction(() => document.querySelector('#wait').textContent.startsWith('No answer yet')));
	await until(async () => await validity(code) === 'code_expired', 'the end of the code', 5 * INTERVAL_S * 1000);
	await checkIn(slow, 'Tina Typist');
	await comes('a name typed after the code has gone is taken: the receipt counts', isIn(slow));
	await away.context().setOffline(false);
	await comes('back in the network the phone delivers by itself', isIn(away));
	const host = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
	await host.goto(`${origin}${screenOf('Track')}host/`);
	await comes('and the host sees that it came late', host.waitForFunction(() => /Olga Offline/.test(document.querySelector('#late:not([hidden])')?.innerText)));
	check('the other one among the latest, and not there', (await host.innerText('#recent')).includes('Tina Typist') && !(await host.innerText('#late')).includes('Tina Typist'));
	check('nobody guesses codes', await host.isHidden('#guessing'));
	for (let i = 0; i < 150; i++)
		await fetch(`${origin}/api/qr/validate/${100000 + i}`, { headers: { 'X-Real-IP': '198.51.100.7' } });
	await comes('and when somebody does, the host is told', host.waitForFunction(() => /guessing codes/.test(document.querySelector('#guessing:not([hidden])')?.innerText)));
	const hostLive = await (await fetch(`${origin}${screenOf('Track')}host/live.json`)).json();
	check('the private live file has lines, arrivals and the slot', hostLive.count === 2 && hostLive.recent.length === 2 && hostLive.lines_delivered_late.length === 1
		&& hostLive.arrivals.length >= 1 && Number.isInteger(hostLive.number), hostLive);
	const publicLive = await (await fetch(`${origin}/live/${runs.Track.session_id}.json`)).text();
	check('the public one no names', publicLive.includes('"count": 2') && !/Tina|Olga/.test(publicLive), publicLive);

	// The same phone, taking back, checking out.
	await slow.goto('about:blank');
	await slow.goto(codeOf(db, 'Track', runs.Track.date).address.replace(/^.*\/R\//, `${origin}/R/`));
	await comes('the same phone again is told since when it is in', slow.waitForFunction(() => /You have been in since \d\d:\d\d/.test(document.querySelector('#told').textContent)));
	check('and its title says so', (await slow.title()).startsWith('You are already in'), await slow.title());
	const undone = await phone();
	await undone.goto(codeOf(db, 'Track', runs.Track.date).address.replace(/^.*\/R\//, `${origin}/R/`));
	await checkIn(undone, 'Wrong Person');
	await isIn(undone);
	check('three are in', present() === 3, present());
	await undone.tap('#undo:visible');
	await comes('a check-in can be taken back', undone.waitForFunction(() => /has been undone/.test(document.querySelector('#wait').textContent)));
	check('and is', present() === 2 && await undone.isVisible('#form'), present());
	await checkIn(undone, 'Right Person');
	await isIn(undone);
	await undone.tap('#leave:visible');
	await comes('who leaves may say so', undone.waitForFunction(() => /checked out/.test(document.querySelector('#told').textContent)));
	await comes('the host sees it', host.waitForFunction(() => /Right Person[^]*left at \d\d:\d\d/.test(document.querySelector('#recent').innerText)));
	await undone.tap('#again');
	await checkIn(undone, 'Right Person Junior');
	await comes('one phone may check in somebody else as well', isIn(undone));
	check('who is another person', present() === 4, present());

	// One code for one person.
	const lecture = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
	await lecture.goto(origin + screenOf('Lecture'));
	await lecture.waitForFunction(() => document.querySelector('#code path').getAttribute('d'));
	const shownFirst = await lecture.evaluate(() => document.querySelector('#code path').getAttribute('d')), single = await scannable('Lecture');
	const [one, two] = [await phone(), await phone()];
	await one.goto(single);
	await comes('a code for one person is used up by the scan, and the screen moves on at once', lecture.waitForFunction((path) =>
		document.querySelector('#code path').getAttribute('d') !== path, shownFirst));
	await two.goto(single);
	await comes('the next phone is told to scan the new one', isRefused(two, /^Each code on this screen is for one person/));
	await one.reload();
	await checkIn(one, 'Lea Lecture');
	await comes('the first is in, after a reload too', isIn(one));

	// The answers to a scan are lost until the button is pressed: what that scan used up is still this phone's.
	const cut = await phone();
	let refusals = 0;
	await cut.route(/v1\/scans$/, async (route) => {
		const answer = await route.fetch();
		return refusals > 0 ? route.fulfill({ response: answer }) : route.abort();
	});
	await cut.route(/api\/register$/, async (route) => {
		const answer = await route.fetch();
		refusals += (await answer.json()).code === 'code_used';
		return route.fulfill({ response: answer });
	});
	const scanning = cut.waitForEvent('requestfailed', (request) => request.url().endsWith('v1/scans'));
	await cut.goto(await scannable('Lecture'));
	await scanning;
	await checkIn(cut, 'Carla Cut');
	await comes('a phone that heard nothing of its scan is in with the code for one person', isIn(cut));
	check('after one refusal, which nobody saw', refusals === 1, refusals);

	// A closed list.
	const council = await phone();
	await council.goto(await scannable('Council'));
	await council.waitForFunction(() => sessionStorage.getItem('turnout-receipt'));
	const offered = () => council.evaluate(() => [...document.querySelectorAll('#names option')].map(({ value }) => value));
	const suggesting = council.waitForResponse(/suggest$/);
	await council.locator('#runner_name').pressSequentially('qua');
	await suggesting;
	await until(async () => (await offered()).length > 0, 'a suggestion');
	check('three letters suggest who is on the list, and nobody else', JSON.stringify(await offered()) === '["Zoë Quartermaine"]', await offered());
	await checkIn(council, 'Somebody Else');
	await comes('who is not on the list is refused', isRefused(council, /fixed list/));
	check('and led to what is open besides, with the name kept', await council.isVisible('#instead a') && await council.inputValue('#runner_name') === 'Somebody Else');
	await council.tap('#instead a');
	await comes('one tap away', council.waitForFunction(() => !document.querySelector('#for').textContent.includes('Council') && document.querySelector('#for').textContent !== ''));

	// Where the phone is.
	const here = await phone({ permissions: ['geolocation'], geolocation: PLACE }), there = await phone({ permissions: ['geolocation'],
		geolocation: { ...PLACE, latitude: PLACE.latitude + 1 } }), silent = await phone();
	for (const page of [here, there]) {
		await page.goto(await scannable('Hills'));
		await comes('a run that asks for the position says so before', page.waitForSelector('#where', { state: 'visible' }));
	}
	await checkIn(here, 'Hanna Here');
	await comes('at the place one is in', isIn(here));
	await checkIn(there, 'Theo There');
	await comes('elsewhere one is not', isRefused(there, /^Your phone says you are somewhere else/));
	await silent.goto(await scannable('Choir'));
	await silent.waitForSelector('#where', { state: 'visible' });
	await checkIn(silent, 'Sina Silent');
	await comes('where it is only asked for, one is in and the host confirms', isIn(silent));
	check('which is said', /host will confirm/.test(await silent.innerText('#told')), await silent.innerText('#told'));
	await host.goto(`${origin}${screenOf('Choir')}host/`);
	await comes('and is a line for the host', host.waitForFunction(() => /Sina Silent[^]*missing: location/.test(document.querySelector('#settle:not([hidden])')?.innerText)));

	// A bad network.
	const far = await phone(), wire = await far.context().newCDPSession(far);
	await wire.send('Network.emulateNetworkConditions', { offline: false, latency: 400, downloadThroughput: 50000, uploadThroughput: 50000 });
	const began = Date.now();
	await far.goto(await scannable('Track'), { waitUntil: 'commit' });
	await far.locator('#runner_name').pressSequentially('Sam Slow', { delay: 150 });
	await far.tap('#press');
	await isIn(far);
	check('over slow 4G a first visit with typing is done within 10 s', Date.now() - began <= 10000, Date.now() - began);
	console.log(`Over 400 kbit/s and 400 ms: ${((Date.now() - began) / 1000).toFixed(1)} s from the scan to "you are in", typing 150 ms a letter.`);

	// Every sentence that refuses is heard, and takes nothing away.
	const heard = await phone();
	await heard.goto(`${origin}/R/`);
	for (const verdict of readdirSync(join(site, 'public', 'R')).filter((name) => !['index.html', 'ok', 'pending', 'already_you', 'checked_out', 'undone', 'slow_down',
		'timed_out'].includes(name))) {
		const page = readFileSync(join(site, 'public', 'R', verdict, 'index.html'), 'utf8');
		const sentence = page.match(/<p class="lead">([^]*?)<\/p>/)[1].replace(/&quot;/g, '"').replace(/&#39;/g, '\'').replace(/&amp;/g, '&');
		await heard.route('**/api/register', (route) => route.fulfill({ status: 403, json: { success: false, code: verdict, message: sentence } }), { times: 1 });
		await heard.fill('#runner_name', 'Nina Name');
		await heard.fill('#code', '123456');
		await heard.tap('#press');
		await comes(`${verdict}: an alert`, heard.waitForFunction(() => document.querySelector('[role=alert]').textContent !== ''));
		const alert = await heard.innerText('[role=alert]'), kept = await heard.inputValue('#runner_name');
		check(`${verdict}: it is the sentence, and the name stays in its field`, alert === sentence && kept === 'Nina Name' && await heard.isHidden('#done'), [alert, kept]);
	}

	// "Wait" is said, with the reason, and waited for: as long as the server asks, and not by all phones at the same moment.
	const tries = { status: 429, headers: { 'Retry-After': '10' }, json: { success: false, code: 'too_many_tries', message: 'Too many wrong codes have been tried. Scan the QR.' } };
	const waiting = [
		['a phone that must wait says why, and how long', 0, tries, 'Too many wrong codes have been tried. Scan the QR: trying again in 10 s. No need to press again.'],
		['another one waits longer', 0.99, tries, 'Too many wrong codes have been tried. Scan the QR: trying again in 15 s. No need to press again.'],
		['too many requests are "busy"', 0, { ...tries, json: { ...tries.json, code: 'too_many_requests' } }, 'Busy: trying again in 10 s. No need to press again.'],
		['and so is a proxy that answers in its own words', 0, { status: 503, headers: { 'Retry-After': '20' }, body: '<h1>503</h1>' }, 'Busy: trying again in 20 s. No need to press again.'],
	];
	for (const [sentence, luck, answer, text] of waiting) {
		const patient = await phone();
		await patient.addInitScript((value) => { Math.random = () => value; }, luck);
		await patient.goto(`${origin}/R/`);
		await patient.route('**/api/register', (route) => route.fulfill(answer), { times: 1 });
		await patient.fill('#runner_name', 'Pat Patient');
		await patient.fill('#code', '123456');
		await patient.tap('#press');
		await comes(sentence, patient.waitForFunction((expected) => document.querySelector('#wait').textContent === expected, text));
		await patient.route('**/api/register', (route) => route.fulfill({ status: 201, json: { success: true, code: 'ok', message: 'You are in.', run: null } }));
		await patient.evaluate(() => dispatchEvent(new Event('online')));
		await comes(`${sentence}: and then is answered without a press`, patient.waitForSelector('#done', { state: 'visible' }));
		await patient.context().close();
	}
});
