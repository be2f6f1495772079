// SPDX-License-Identifier: ISC
// checkin.mjs: scans and receipts, phones, late deliveries, undo, leaving, proofs of the place, suggestions, numbers, as phones meet them.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, register, run, start, submit, turnout } from './lib.mjs';

const claim = () => randomBytes(12).toString('hex');

/** A POST in JSON; the answer with its parsed body as `json`. */
async function post(port, path, fields, headers = {}) {
	const answer = await ask(port, 'POST', path, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(fields));
	return { ...answer, json: answer.body === '' ? null : JSON.parse(Buffer.from(answer.body, 'latin1').toString()) };
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const open = makeRun(db, 'Open Group', -15, 60);
	const over = makeRun(db, 'Over Group', -200, -100);
	const early = makeRun(db, 'Early Group', 180, 240);
	const listed = makeRun(db, 'Closed List', -5, 60, '--closed');
	const strict = makeRun(db, 'Strict Group', -5, 60);
	const single = makeRun(db, 'Single Group', -5, 60);
	const codeOf = (each, seconds = 0) => JSON.parse(turnout('code', each.session_id, '--db', db, '--json', '--now', `@${Math.floor(Date.now() / 1000) - seconds}`));
	const rule = (each, key, value) => turnout('calendar', 'rules', each.session_id, key, value, '--db', db);
	for (const name of ['Ada Lovelace', 'Adam Ant', 'Grace Hopper', 'Zoë Adair'])
		turnout('person', 'add', name, '--group', 'Closed List', '--db', db);
	turnout('place', 'add', 'Boathouse', '--latitude', '51.5', '--longitude', '-0.1', '--radius', '100', '--network', '198.51.100.0/24', '--network',
		'2001:db8::/32', '--access-point', '00:00:5e:00:53:01', '--db', db);
	turnout('calendar', 'move', strict.session_id, '--place', 'Boathouse', '--db', db);
	const server = await start(db, site);
	const { port } = server;
	const scan = (fields) => post(port, '/api/v1/scans', fields);
	const mark = (fields, headers) => post(port, '/api/v1/attendance/mark', fields, headers);

	// Receipts.
	const phone = claim();
	let answer = await scan({ token: codeOf(open).screen_token, claim: phone, nonce: 'scan-1' });
	check('a fresh code of the screen is traded for a receipt', answer.status === 200 && answer.json.success && /^[0-9A-HJKMNP-TV-Z]{52}$/.test(answer.json.receipt), answer.text);
	check('the answer says the run, the time, and how long the receipt serves', answer.json.run.session_id === open.session_id && Math.abs(answer.json.server_time - Date.now() / 1000) < 5
		&& Math.abs(Date.parse(answer.json.receipt_until) / 1000 - answer.json.server_time - 900) <= 1, answer.json);
	check('a scan enters nobody', JSON.parse(turnout('status', '--db', db, '--json')).events === 0);
	const { receipt } = answer.json;
	answer = await mark({ receipt, runner_name: 'Ada Lovelace', claim: phone, nonce: 'n-1' });
	check('a receipt and a name are taken', answer.status === 201 && answer.json.code === 'ok' && answer.json.place === 1 && answer.json.status === 'present', answer.text);
	check('the reply says proof and level, and a code to show the host', answer.json.proof === 'screen' && answer.json.level === 'screen' && /^[0-9A-HJKMNP-TV-Z]{4}$/.test(answer.json.receipt_code)
		&& answer.json.delivered_late === false && answer.json.pending.length === 0, answer.json);
	const first = answer.json;
	answer = await mark({ receipt, runner_name: 'Ada Lovelace', claim: phone, nonce: 'n-1' });
	check('the same nonce gets the same answer', answer.status === 200 && answer.json.place === 1 && answer.json.receipt_code === first.receipt_code && answer.json.time === first.time, answer.text);
	answer = await mark({ receipt, runner_name: 'Somebody Else', claim: phone, nonce: 'n-2' });
	check('the same phone again hears since when it is in', answer.status === 200 && answer.json.success && answer.json.code === 'already_you' &&
		answer.json.message === `You have been in since ${first.time}, Ada Lovelace. There is nothing more to do.`, answer.text);
	answer = await mark({ receipt, runner_name: 'ada LOVELACE', claim: claim() });
	check('another phone with the same name is asked for a letter more', answer.status === 409 && answer.json.code === 'already' && answer.json.message.endsWith('add a letter of your surname.'), answer.text);
	answer = await scan({ token: codeOf(open).screen_token, claim: phone });
	check('a phone that is in hears so as it scans', answer.status === 200 && answer.json.code === 'already_you' && answer.json.runner_name === 'Ada Lovelace' && answer.json.time === first.time, answer.text);
	answer = await mark({ receipt: receipt.slice(0, -1) + (receipt.endsWith('0') ? '1' : '0'), runner_name: 'Eve' });
	check('a forged receipt is refused, and leads to a run that is open', answer.status === 403 && answer.json.code === 'receipt_unknown' && answer.json.run === null && answer.json.open_run.state === 'open', answer.text);
	answer = await mark({ receipt, session_id: early.session_id, runner_name: 'Eve' });
	check('a receipt of another run is refused', answer.status === 403 && answer.json.code === 'code_other', answer.text);
	answer = await register(port, { code: codeOf(open).digits, runner_name: 'Typed Digits' });
	check('the typed digits do without a scan', answer.status === 201 && answer.json.proof === 'digits', answer.text);

	// Codes whose time is over, and the way on.
	answer = await scan({ token: codeOf(open, 300).screen_token });
	check('a code of five minutes ago is over', answer.status === 410 && answer.json.code === 'code_expired' && answer.json.run.session_id === open.session_id, answer.text);
	answer = await scan({ token: codeOf(open, -120).screen_token });
	check('a code that is not shown yet is refused', answer.status === 403 && answer.json.code === 'code_ahead', answer.text);
	answer = await mark({ token: codeOf(over).token, runner_name: 'Late Comer' });
	check('a poster of a run that is over says which run it was, and leads to one that is open', answer.json.run.session_id === over.session_id && answer.json.run.state === 'closed'
		&& ['closed', 'code_expired'].includes(answer.json.code) && answer.json.open_run?.state === 'open', answer.text);
	answer = await mark({ token: codeOf(early).token, runner_name: 'Early Bird' });
	check('and so does one of a run that is not open yet', answer.json.code === 'not_open_yet' && answer.json.run.session_id === early.session_id && answer.json.open_run?.state === 'open', answer.text);

	// Delivered late.
	const seen = codeOf(open, 400);
	answer = await mark({ token: seen.screen_token, seen_at: seen.slot, runner_name: 'No Network', nonce: 'late-1' });
	check('a code that was seen in time may be delivered late', answer.status === 201 && answer.json.delivered_late === true, answer.text);
	const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	check('and counts from when it was seen', answer.json.time === clock.format(seen.slot * 25e3), answer.text);
	for (const [what, fields] of [['with another slot', { token: seen.screen_token, seen_at: seen.slot + 1 }], ['that was printed', { token: open.token, seen_at: 1 }]]) {
		answer = await mark({ ...fields, runner_name: 'Cheat' });
		check(`a code ${what} is not taken late`, answer.status === 403 && answer.json.code === 'seen_at_wrong', answer.text);
	}
	const afterwards = codeOf(over, 9000);
	answer = await mark({ token: afterwards.screen_token, seen_at: afterwards.slot, runner_name: 'After Closing' });
	check('it may come after closing, within the limit of the run', answer.status === 201 && answer.json.delivered_late && answer.json.run.state === 'closed', answer.text);
	rule(over, 'deliver_min', '0');
	answer = await mark({ token: afterwards.screen_token, seen_at: afterwards.slot, runner_name: 'Too Late' });
	check('and not later', answer.status === 410 && answer.json.code === 'delivered_too_late', answer.text);

	// Undo and leaving.
	const mine = { session_id: open.session_id, claim: claim() };
	answer = await register(port, { ...mine, runner_name: 'Mistpyed' });
	check('who has a claim is told how long the check-in may be taken back', Date.parse(answer.json.undo_until) > Date.now(), answer.text);
	answer = await post(port, '/api/v1/attendance/undo', mine);
	check('a phone takes its check-in back', answer.status === 200 && answer.json.code === 'undone' && answer.json.success && answer.json.place === null, answer.text);
	answer = await post(port, '/api/v1/attendance/undo', mine);
	check('twice is the same', answer.status === 200 && answer.json.code === 'undone', answer.text);
	answer = await register(port, { ...mine, runner_name: 'Mistyped' });
	check('and may check in again', answer.status === 201, answer.text);
	answer = await post(port, '/api/v1/attendance/undo', { session_id: open.session_id, claim: claim() });
	check('another phone takes nothing back', answer.status === 404 && answer.json.code === 'not_in', answer.text);
	answer = await post(port, '/api/v1/attendance/undo', { session_id: open.session_id });
	check('nor does one that does not say which it is', answer.status === 400 && answer.json.code === 'claim_missing', answer.text);
	answer = await post(port, '/api/v1/attendance/check-out', mine);
	check('nobody checks out where that is not offered', answer.status === 403 && answer.json.code === 'no_check_out', answer.text);
	rule(open, 'has_check_out', 'yes');
	answer = await post(port, '/api/v1/attendance/check-out', mine);
	check('where it is, the phone checks its person out', answer.status === 200 && answer.json.code === 'checked_out' && /^\d\d:\d\d$/.test(answer.json.left) && answer.json.place > 0, answer.text);

	// Proofs of the place.
	const here = { latitude: 51.5, longitude: -0.1, accuracy_m: 10 };
	const strictly = (name, fields = {}, headers = {}) => mark({ token: codeOf(strict).screen_token, runner_name: name, ...fields }, headers);
	rule(strict, 'position', 'pending');
	answer = await strictly('Without Position');
	check('a position that is asked for and missing is for the host to settle', answer.status === 201 && answer.json.success && answer.json.code === 'pending' && answer.json.pending.join() === 'position' &&
		answer.json.message.endsWith('The host will confirm it, because your location could not be verified.'), answer.text);
	answer = await strictly('With Position', here);
	check('with it all is well, and the level is that of the place', answer.status === 201 && answer.json.code === 'ok' && answer.json.level === 'place', answer.text);
	rule(strict, 'position', 'refused');
	check('the run says what it asks for', (await scan({ token: codeOf(strict).screen_token })).json.run.position === 'refused');
	answer = await strictly('Without Position Either');
	check('where it is demanded nobody gets in without', answer.status === 403 && answer.json.code === 'position_missing', answer.text);
	answer = await strictly('Elsewhere', { ...here, latitude: 52 });
	check('nor from elsewhere', answer.status === 403 && answer.json.code === 'position_other', answer.text);
	rule(strict, 'position', 'ignored');
	rule(strict, 'network', 'refused');
	answer = await strictly('Other Network');
	check('a network that is demanded is looked for', answer.status === 403 && answer.json.code === 'network_other', answer.text);
	answer = await strictly('Home Network', {}, { 'X-Real-IP': '198.51.100.9' });
	check('a proxy on this machine says which it is', answer.status === 201 && answer.json.level === 'place', answer.text);
	answer = await strictly('Home Network Six', {}, { 'X-Forwarded-For': '203.0.113.1, 2001:db8::7' });
	check('the last address that proxies add counts', answer.status === 201, answer.text);
	answer = await strictly('Forged Network', {}, { 'X-Forwarded-For': '198.51.100.9, 203.0.113.1' });
	check('and not what the client put before it', answer.status === 403, answer.text);
	rule(strict, 'network', 'ignored');
	rule(strict, 'access_point', 'refused');
	answer = await strictly('No Access Point', { access_points: ['02:00:00:00:00:00', '00:00:5e:00:53:02'] });
	check('an access point that is demanded is looked for', answer.status === 403 && answer.json.code === 'access_point_other', answer.text);
	answer = await strictly('Access Point', { access_points: ['02:00:00:00:00:00', '00-00-5E-00-53-01'] });
	check('and found, however it is written', answer.status === 201 && answer.json.level === 'place', answer.text);

	// Codes for one person.
	rule(single, 'is_single', 'yes');
	const shown = codeOf(single);
	answer = await scan({ token: shown.screen_token, nonce: 'single-1' });
	check('a code for one person is traded too', answer.status === 200 && shown.serial === 1, answer.text);
	check('and the screen moves on at once', codeOf(single).serial === 2);
	const again = await scan({ token: shown.screen_token, nonce: 'single-1' });
	check('a scan that was lost on the way gets its receipt again', again.json.receipt === answer.json.receipt, again.text);
	check('somebody else does not', (await scan({ token: shown.screen_token, nonce: 'single-2' })).json.code === 'code_used');
	check('its receipt is for one person', (await mark({ receipt: answer.json.receipt, runner_name: 'One' })).status === 201 &&
		(await mark({ receipt: answer.json.receipt, runner_name: 'Two' })).json.code === 'code_used');
	const corrected = { receipt: (await scan({ token: codeOf(single).screen_token })).json.receipt, claim: claim() };
	await mark({ ...corrected, runner_name: 'Thre' });
	await post(port, '/api/v1/attendance/undo', corrected);
	check('who takes a mistyped name back checks in again with it', (await mark({ ...corrected, runner_name: 'Three' })).status === 201);
	check('and then it is used', (await mark({ ...corrected, claim: claim(), runner_name: 'Four' })).json.code === 'code_used');
	const one = codeOf(single).screen_token;
	const race = await Promise.all(Array.from({ length: 20 }, (_, i) => mark({ token: one, runner_name: `Racer ${i}` })));
	check('of twenty phones with one code one is in', race.filter(({ status }) => status === 201).length === 1 && race.every(({ status, json }) => status === 201 || json.code === 'code_used'), race.map(({ json }) => json.code));

	// Suggestions.
	const suggest = (fields) => post(port, '/api/v1/people/suggest', fields);
	const token = codeOf(listed).screen_token;
	answer = await scan({ token });
	check('a scan says that the list is closed', answer.json.is_list === true, answer.text);
	answer = await suggest({ receipt: answer.json.receipt, runner_name: 'ada' });
	check('three letters bring the names of which a word begins so', answer.status === 200 && answer.json.names.join() === 'Ada Lovelace,Adam Ant,Zoë Adair', answer.text);
	answer = await suggest({ token, runner_name: 'ad' });
	check('two bring none', answer.status === 422 && answer.json.code === 'prefix_short' && answer.json.names.length === 0, answer.text);
	answer = await suggest({ session_id: listed.session_id, runner_name: 'ada' });
	check('who has no code is told no name', answer.status === 400 && answer.json.code === 'code_missing' && answer.json.names.length === 0, answer.text);
	answer = await suggest({ token: codeOf(open).screen_token, runner_name: 'ada' });
	check('an open group suggests nobody', answer.status === 200 && answer.json.names.length === 0, answer.text);
	answer = await mark({ token, runner_name: 'Ada Nobody' });
	check('a name that is not on the closed list is refused, and another run is named', answer.status === 403 && answer.json.code === 'not_listed' && answer.json.open_run !== null, answer.text);

	// Numbers.
	answer = await ask(port, 'GET', `/api/v1/sessions/${open.session_id}/stats`);
	const stats = JSON.parse(answer.body);
	check('the numbers of a run are told, and no name', answer.status === 200 && stats.session_id === open.session_id && stats.state === 'open' && stats.count === 4 && stats.sequence >= 5
		&& Math.abs(stats.server_time - Date.now() / 1000) < 5 && !/Ada|Mistyped/.test(answer.text), answer.text);
	answer = await register(port, { session_id: open.session_id, runner_name: 'One More' });
	const more = JSON.parse((await ask(port, 'GET', `/api/v1/sessions/${open.session_id}/stats`)).body);
	check('they move on with each check-in', more.count === stats.count + 1 && more.sequence > stats.sequence, more);
	answer = await ask(port, 'GET', '/api/v1/sessions/0000000000/stats');
	check('a run that is not there has none', answer.status === 404 && JSON.parse(answer.body).code === 'run_unknown', answer.text);
	check('nor has a long address', (await ask(port, 'GET', `/api/v1/sessions/${'A'.repeat(300)}/stats`)).status === 404);

	// Shapes.
	for (const [what, path, fields] of [['a scan with a name', '/api/v1/scans', { token, runner_name: 'x' }], ['an undo with a position', '/api/v1/attendance/undo', { ...mine, ...here }],
		['a position without its accuracy', '/api/v1/attendance/mark', { token, runner_name: 'x', latitude: 1, longitude: 1 }],
		['a position that is nowhere', '/api/v1/attendance/mark', { token, runner_name: 'x', latitude: 91, longitude: 1, accuracy_m: 1 }],
		['a position in words', '/api/v1/attendance/mark', { token, runner_name: 'x', latitude: '1', longitude: 1, accuracy_m: 1 }],
		['seventeen access points', '/api/v1/attendance/mark', { token, runner_name: 'x', access_points: Array(17).fill('00:00:5e:00:53:01') }],
		['an access point that is a number', '/api/v1/attendance/mark', { token, runner_name: 'x', access_points: [7] }],
		['a slot with a fraction', '/api/v1/attendance/mark', { token, runner_name: 'x', seen_at: 1.5 }],
		['a claim of 65 characters', '/api/v1/attendance/mark', { token, runner_name: 'x', claim: 'c'.repeat(65) }],
		['a claim with a blank', '/api/v1/attendance/mark', { token, runner_name: 'x', claim: 'a b' }]]) {
		answer = await post(port, path, fields);
		check(`${what} is refused in a sentence`, answer.status === 400 && answer.json.code === 'bad_request' && answer.json.message.endsWith('.'), answer.text);
	}
	const form = await ask(port, 'POST', '/api/v1/attendance/mark', { 'Content-Type': 'application/x-www-form-urlencoded' },
		new URLSearchParams({ code: codeOf(open).digits, runner_name: 'Plain Form', latitude: '', longitude: '', accuracy_m: '' }).toString());
	check('a form there is led to the page of its verdict', form.status === 303 && form.headers.location?.[0] === '../../../R/ok/', form.text);
	const pending = await submit(port, { session_id: strict.session_id, runner_name: 'Form', latitude: '51.5', longitude: '-0.1', accuracy_m: '7.5' });
	check('and so is one with a position, which this run does not ask for', pending.status === 303 && pending.headers.location?.[0] === '../R/access_point_other/', pending.text);
	check('the log has no name, code, receipt or address', !/Lovelace|Plain Form|198\.51/.test(server.log) && !server.log.includes(receipt) && !server.log.includes(token) && !server.log.includes(phone));
	const { code } = await server.stop();
	check('it ends with 0', code === 0, code);
});
